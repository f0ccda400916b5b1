/** What people and models write all day. None of it may be lost because two parsers do not agree: it has to be readable. */
const lines = String.raw`
ls
ls -la
ls -lah --color=never src
ls -1 | wc -l
ls *.md
ls src/**/*.ts
ls -d */
cd src && ls
cd "$SITE" && pwd
pwd
echo "hello world"
echo 'single quotes'
echo "It's done"
echo "a \"quoted\" word"
echo "price: \$5"
echo "$HOME and ${"${PATH}"}"
echo -n "no newline"
echo -e "a\tb"
echo "line" >> notes.txt
echo "error" >&2
echo "$(date +%F) done" >> log.txt
printf '%s\n' one two three
printf "%-10s %5d\n" name 42
cat README.md
cat a.txt b.txt > c.txt
cat < input.txt
cat file | grep foo | sort | uniq -c | sort -rn | head -20
head -n 20 app.log
tail -n 100 app.log
tail -n +2 data.csv
tail -F app.log
wc -l src/*.ts
sort -k2,2n -t, data.csv
sort -u names.txt -o sorted.txt
uniq -c sorted.txt
cut -d, -f1,3 data.csv
cut -c1-80 long.txt
tr '[:lower:]' '[:upper:]' < a.txt
tr -d '\r' < dos.txt > unix.txt
paste -sd, list.txt
column -t -s, data.csv
comm -12 a.txt b.txt
join -t, a.csv b.csv
diff -u old.txt new.txt
diff -rq dist releases/1.4.2
cmp a.bin b.bin
md5sum *.iso
sha256sum -c SHA256SUMS
sha256sum dist/app.js | cut -d' ' -f1
stat -c '%s %n' index.html
stat -f %z index.html
file logo.png
du -sh .
du -sh * | sort -h
du -ah --max-depth=1 | sort -rh | head
df -h
df -h / | awk 'NR==2 {print $5}'
free -m
uptime
date
date -u +"%Y-%m-%dT%H:%M:%SZ"
date -d yesterday +%F
cal 2026
whoami
id -un
hostname -f
uname -srm
nproc
env LANG=C sort names.txt
which node
command -v docker >/dev/null 2>&1
type -a python3
ps aux
ps -ef | grep nginx | grep -v grep
ps aux --sort=-%mem | head
pgrep -fl node
lsof -i :8080
ss -tlnp
ss -tulpn | grep :443
netstat -an | grep LISTEN
journalctl -u nginx --since today
journalctl -u nginx -n 100 --no-pager
dmesg | tail
top -b -n 1 | head -20
vmstat 1 5
iostat -x 1 3
grep foo bar.txt
grep -rn "TODO" src
grep -rnE 'foo|bar' --include='*.ts' src
grep -c '^error' app.log
grep -v '^#' config.ini | grep -v '^$'
grep -oP '(?<=version: )\S+' meta.txt
grep -q "ready" status.txt && echo yes || echo no
grep -A3 -B1 "panic" app.log
grep -E '^[A-Z][a-z]+$' names.txt
grep -F '$HOME' script.sh
grep -- '-v' README.md
grep '\.js$' list.txt
grep "foo\|bar" list.txt
grep -i 'it'"'"'s' notes.txt
rg -n "useEffect" src
rg --files -g '*.md'
rg -l foo | head
find . -name '*.ts' -not -path './node_modules/*'
find . -type f -size +10M
find . -type f -mtime -1 -print
find . -name "*.log" -o -name "*.tmp"
find . \( -name a -o -name b \) -print
find . -maxdepth 2 -type d | sort
find . -type f -name '*.html' -exec grep -l title {} +
find . -type f -exec chmod 644 {} \;
find . -empty -type d
find src -name '*.ts' | xargs wc -l
find . -name '*.ts' -print0 | xargs -0 grep -n foo
xargs -n1 echo < list.txt
seq 1 10
seq -w 1 10 | while read -r n; do echo "item $n"; done
sed -n '10,20p' file.txt
sed 's/foo/bar/g' file.txt
sed -i 's/1\.4\.1/1.4.2/' version.txt
sed -i.bak -e 's|http://|https://|' index.html
sed '/^$/d' file.txt
sed -E 's/([a-z]+) ([a-z]+)/\2 \1/' file.txt
sed '1d;$d' file.txt
sed "s/VERSION/$VERSION/" template.txt
awk '{print $1}' file.txt
awk -F: '{print $1, $3}' names.txt
awk 'NR>1 {sum+=$2} END {print sum}' data.txt
awk -F, '$3 > 100 {print $1}' data.csv
awk 'length($0) > 80' file.txt
awk '/start/,/end/' file.txt
awk '!seen[$0]++' file.txt
awk 'BEGIN {FS=","; OFS="\t"} {$1=$1; print}' data.csv
jq . package.json
jq -r '.scripts | keys[]' package.json
jq -r '.items[] | select(.status == "ok") | .name' data.json
jq '.version = "1.4.2"' package.json > package.json.next
jq -s 'map(.a) | add' *.json
jq --arg v "$VERSION" '.version = $v' package.json
yq '.services.web.image' compose.yaml
base64 -w0 logo.png
basename "$PWD"
dirname /srv/www/index.html
realpath dist
readlink -f current
mkdir -p releases/1.4.2/assets
mkdir -m 755 public
touch ready
touch -d '2026-01-01' old.txt
cp index.html index.html.bak
cp -r dist releases/1.4.2
cp -a "$MESH/projects/shop/dist/." releases/1.4.2/
cp -p {a,b}.txt backup/
mv old.txt new.txt
mv -n *.md docs/
mv current.next current
ln -s releases/1.4.2 current
ln -sfn releases/1.4.2 current
rm old.txt
rm -f *.tmp
rm -r releases/1.4.0
rm -rf dist build
rm -- -weird-name
rmdir empty
chmod +x deploy.sh
chmod 644 *.html
chmod -R u=rwX,go=rX public
chown www-data:www-data public
tar czf backup.tgz releases
tar -xzf backup.tgz -C restore
tar tzf backup.tgz | head
tar --exclude=node_modules -czf src.tgz .
zip -r site.zip dist
unzip -l site.zip
gzip -k app.log
gunzip -c app.log.gz | head
zcat app.log.gz | grep error
xz -T0 dump.sql
rsync -av --dry-run dist/ releases/1.4.2/
rsync -a --exclude='.git' src/ copy/
curl -fsS http://127.0.0.1:8080/healthz
curl -sS -o /dev/null -w '%{http_code}\n' http://localhost:3000/
curl -s http://localhost:9090/api/v1/query?query=up
curl -fsSL https://example.com/install.txt -o install.txt
curl -H 'Accept: application/json' http://127.0.0.1:8080/status | jq .
curl --max-time 5 --retry 3 http://127.0.0.1/
curl -s -X POST -d '{"a": 1}' -H 'Content-Type: application/json' http://127.0.0.1:8080/hook
wget -q https://example.com/file.tgz
ping -c 3 example.com
dig +short example.com
nslookup example.com
nc -z 127.0.0.1 5432
git status
git status --short --branch
git log --oneline -10
git log --since='2 weeks ago' --author="Ada" --format='%h %s'
git log -p -- src/index.ts
git diff
git diff --stat HEAD~1
git diff main...feature
git show HEAD:README.md
git blame -L 10,20 src/index.ts
git branch -a
git branch --show-current
git tag --list 'v1.*'
git rev-parse --short HEAD
git ls-files | wc -l
git stash list
git add -A
git add src/index.ts README.md
git commit -m "Fix the build"
git commit -m 'Add a test' -m 'It failed before.'
git commit --amend --no-edit
git checkout -b feature/x
git checkout main -- src/index.ts
git switch -c fix
git merge --no-ff feature
git pull --rebase
git push origin main
git push -u origin HEAD
git fetch --all --prune
git clone https://github.com/example/example.git
git remote -v
git config --get user.email
git grep -n TODO
git cherry-pick abc1234
git reset --soft HEAD~1
git restore --staged src/index.ts
git worktree list
git bisect start
npm ci
npm install --save-dev vitest
npm run build
npm run build -- --mode production
npm test
npm test -- --run src/a.test.ts
npm ls --depth=0
npm outdated
npm audit --omit=dev
npm version patch
npm pack --dry-run
npx tsc --noEmit
npx prettier --check 'src/**/*.ts'
pnpm install --frozen-lockfile
yarn build
node --version
node -e 'console.log(process.version)'
node scripts/build.js --out dist
python3 -m venv .venv
python3 -m pytest -q
python3 -c 'print("hello")'
python3 -m http.server 8000
pip install -r requirements.txt
pip list --outdated
make
make -j4 test
make clean all
cargo build --release
cargo test -- --nocapture
go build ./...
go test -run TestX ./pkg/...
docker ps -a
docker images --format '{{.Repository}}:{{.Tag}}'
docker build -t shop:1.4.2 .
docker run --rm -p 8080:80 shop:1.4.2
docker logs --tail 100 -f web
docker exec web ls /srv
docker compose up -d
docker compose -f compose.yaml config -q
docker compose logs --since 10m web
docker inspect -f '{{.State.Running}}' web
kubectl get pods -n shop -o wide
kubectl describe pod web-0
kubectl logs -f deploy/web --tail=50
kubectl rollout status deployment/web
kubectl get pods -o jsonpath='{.items[*].metadata.name}'
helm list -A
terraform plan -out=plan.out
terraform fmt -check
ansible-playbook -i inventory.ini site.yml --check --diff
ssh web1 uptime
ssh -p 2222 deploy@web1 'df -h && free -m'
scp dist.tgz web1:/tmp/
systemctl status nginx
systemctl is-active --quiet nginx && echo running
sudo systemctl reload nginx
nginx -t
crontab -l
psql -c 'select count(*) from orders'
psql -h db -U shop -d shop -c "select * from orders where id = 42"
sqlite3 app.db '.tables'
redis-cli ping
mysql -e 'show databases'
sleep 5
sleep 0.5 && echo done
true
false || true
test -f index.html
test "$(readlink current)" = releases/1.4.2
[ -d dist ] && echo "built"
[ "$a" = "b" ] || exit 1
[ -z "$NAME" ] && NAME=world
[ ! -e lock ]
[ "$n" -gt 10 -a -n "$x" ]
[[ -f a.txt ]]
[[ $name == *.md ]]
[[ "$version" =~ ^[0-9]+\.[0-9]+$ ]]
[[ -n $x && $x != y ]]
NAME=world; echo "Hello, $NAME"
VERSION=1.4.2 npm run release
export NODE_ENV=production
export PATH="$HOME/bin:$PATH"
readonly MAX=5
local x=1
unset NAME
set -euo pipefail
set -x
: "${"${NAME:?NAME is not set}"}"
: > empty.txt
x=$((1 + 2))
x=$((x * 2)); echo "$x"
n=$(( $(wc -l < list.txt) - 1 ))
files=$(ls | wc -l)
today=$(date +%F); mkdir "backup-$today"
arr=(a b c); echo "${"${arr[0]}"}"
for x in "${"${arr[@]}"}"; do echo "$x"; done
echo "${"${#arr[@]}"}"
echo "${"${NAME:-nobody}"}"
echo "${"${file%.txt}"}"
echo "${"${file##*/}"}"
echo "${"${path/old/new}"}"
echo "${"${name^^}"}"
echo "${"${text:0:10}"}"
echo {1..5}
mkdir -p app/{src,test,docs}
for i in 1 2 3; do echo $i; done
for i in {1..3}; do echo "$i"; done
for f in *.txt; do mv "$f" "${"${f%.txt}"}.md"; done
for f in $(ls); do echo "$f"; done
for i in $(seq 1 5); do curl -fsS http://127.0.0.1:8080/ && break; sleep 1; done
for ((i = 0; i < 3; i++)); do echo $i; done
while true; do date; sleep 1; done
while read -r line; do echo "$line"; done < list.txt
while IFS=, read -r a b; do echo "$a $b"; done < data.csv
until curl -fsS http://127.0.0.1:8080/healthz; do sleep 1; done
if [ -f a ]; then echo a; fi
if grep -q x a.txt; then echo yes; else echo no; fi
if ! command -v jq >/dev/null; then echo "jq is missing" >&2; exit 1; fi
if [ "$1" = start ]; then run; elif [ "$1" = stop ]; then halt_it; else usage; fi
case "$1" in start) echo start ;; stop) echo stop ;; *) echo usage ;; esac
case $(uname) in Linux|Darwin) echo ok;; *) echo other;; esac
ls && echo ok || echo failed
(cd dist && tar czf ../dist.tgz .)
{ echo header; cat body.txt; } > page.txt
make 2>&1 | tee build.log
npm test > out.txt 2> err.txt
npm test &> all.txt
npm test 2>/dev/null
command > /dev/null 2>&1 &
sleep 100 & wait
time npm run build
time -p sleep 1
! grep -q error app.log
diff <(sort a.txt) <(sort b.txt)
comm -3 <(ls a) <(ls b)
read -r -p "Continue? " answer
trap 'rm -f "$tmp"' EXIT
tmp=$(mktemp) && echo x > "$tmp"
greet() { echo "Hello $1"; }; greet Ada
function greet { echo "Hello $1"; }
eval "$(ssh-agent -s)"
source .venv/bin/activate
. ./env.sh
exec "$@"
echo "$?"
echo $# $@ $*
shift 2
kill -0 "$pid" 2>/dev/null
kill %1
nohup node server.js > server.log 2>&1 &
timeout 30 npm test
nice -n 10 make
watch -n 5 df -h
yes | head -3
bc <<< '2 + 2'
grep foo <<< "$text"
tee copy.txt < original.txt
echo done # a comment
# only a comment
openssl x509 -in cert.pem -noout -enddate
shellcheck deploy.sh
convert in.png -resize 50% out.png
ffmpeg -i in.mp4 -c:v libx264 out.mp4
gh pr list --state open
aws s3 ls s3://bucket/
`;

const steps: readonly string[] = [
  'set -euo pipefail\ncd "$SITE"\nmkdir -p releases/1.4.2\ncp -R "$MESH/projects/shop/dist/." releases/1.4.2\n',
  "ln -sfn releases/1.4.2 current.next &&\n  mv -fT current.next current 2>/dev/null ||\n  mv -fh current.next current",
  'if test -d shop; then\n  ls -l shop\nelse\n  echo "there is no shop" >&2\n  exit 1\nfi',
  'for host in web1 web2; do\n  echo "== $host"\n  ssh "$host" uptime\ndone',
  "cat <<'EOF' > nginx.conf\nserver {\n  listen 80;\n  root /srv/www;\n}\nEOF",
  "cat <<EOF > page.html\n<p>Version $VERSION of $(date +%F)</p>\nEOF",
  'cat > .config.json <<JSON\n{ "port": ${PORT}, "name": "shop" }\nJSON',
  "cat <<-EOF\n\tindented\n\tEOF",
  "docker run --rm \\\n  --name web \\\n  -p 8080:80 \\\n  nginx:1.27",
  "curl -fsS \\\n  --max-time 10 \\\n  -H 'Accept: text/html' \\\n  http://127.0.0.1:8080/",
  "ls |\n  grep foo |\n  sort",
  "ls \\\n  | grep foo \\\n  | sort",
  "grep -q x a &&\n  echo yes",
  "# check first\ntest -f a\n# then copy\ncp a b # really\n",
  "while true\ndo\n  date\n  sleep 1\ndone",
  'case "$1" in\n  start)\n    echo start\n    ;;\n  stop|halt)\n    echo stop\n    ;;\n  *)\n    echo "usage: $0 start|stop" >&2\n    exit 2\n    ;;\nesac',
  'backup() {\n  local name="$1"\n  tar czf "$name.tgz" "$name"\n}\nbackup shop',
  '(\n  cd shop/releases/1.4.2 || exit 1\n  test -f index.html\n) || { echo "the check failed" >&2; exit 1; }',
  "{\n  echo a\n  echo b\n} | sort",
  "awk '\n  NR > 1 { sum += $2 }\n  END { print sum }\n' data.txt",
  "sed -i \\\n  -e 's/a/b/' \\\n  -e 's/c/d/' \\\n  file.txt",
  "python3 - <<'PY'\nimport json\nprint(json.dumps({\"a\": 1}))\nPY",
  "psql shop <<SQL\nselect count(*) from orders;\nSQL",
  'tmp="$(mktemp -d)"\ntrap \'rm -rf "$tmp"\' EXIT\ncp a "$tmp/"',
  'i=0\nuntil curl -fsS http://127.0.0.1:8080/healthz >/dev/null; do\n  i=$((i + 1))\n  [ "$i" -ge 30 ] && exit 1\n  sleep 1\ndone',
  "kubectl apply -f - <<EOF\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\nEOF",
  "if [[ -f a && ! -L b ]]; then echo ok; fi",
  "find . -name '*.js' -print0 |\n  while IFS= read -r -d '' file; do\n    gzip -k \"$file\"\n  done",
  'names=(one two)\nfor name in "${names[@]}"; do\n  mkdir -p "$name"\ndone',
  'export A=1 B="two words"\nnode app.js',
  "echo 'a\nb' > two-lines.txt",
  'git add -A && git commit -m "Write the release notes\n\nThey were asked for."',
  "du -sk dist | awk '{ if ($1 > 1024) { print \"large\"; exit 1 } }'",
  'test -n "$(ls -A dist)" || exit 1\ntest "$(cat dist/version.txt)" = 1.4.2',
  'n=$(grep -c . list.txt || true)\necho "$n lines"',
  "diff <(cd a && find . | sort) <(cd b && find . | sort)",
  "set -o pipefail; npm test 2>&1 | tail -n 20",
  "cp -f a b\n\\cp -f c d",
  "echo a; echo b\n\n\necho c",
  "if a; then b; fi; c",
];

export const everyday: readonly string[] = [...lines.split("\n").filter((line) => line !== ""), ...steps];
