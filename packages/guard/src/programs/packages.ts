import type { Program, ProgramTable } from "../program.ts";
import { every } from "../rules/every.ts";
import { startsAnything } from "../rules/launch.ts";
import { asksUnknown, mentions } from "../rules/mention.ts";
import { onlyLooksWith } from "../rules/only-looks.ts";
import { runsProgram, writesFile } from "./usual-options.ts";

const changesMachine = {
  risk: "high",
  effects: ["privilege"],
  does: "changes the programs of the machine",
} as const satisfies Program;
const lists: Program = {
  risk: "low",
  effects: ["read"],
  does: "tells about packages",
  valued: "--depth -w --workspace --prefix --registry --format --filter --omit --include --index-url --log",
  allowed:
    "-a -g -l -o -q -v -u -f -s --all --global --json --long --parseable --production --prod --dev --only --outdated --uptodate --not-required --local --user --editable --verbose --quiet --disable-pip-version-check --no-color --installed --upgradable --upgradeable --all-versions --names-only --audit-level --link --version --help --recursive -r",
  options: {
    "--log": writesFile,
    "--prefix": { does: "looks there", value: "read" },
  },
  rule: mentions(/^(?:fix|--fix)$/, "medium", ["network", "write"], "changes what is installed"),
};
const installs: Program = {
  risk: "medium",
  effects: ["network", "write"],
  does: "installs packages of the project, and runs their scripts",
  options: {
    "-g --global --location": changesMachine,
    "--prefix --target -t --root --dir -C": { does: "installs there", value: "write" },
  },
  valued: "--prefix --target -t --root --dir -C -r --requirement",
  rule: every(
    mentions(
      /^(?:[\w.-]+ ?@ ?)?(?:git\+|git:|git@|github:|gitlab:|bitbucket:|gist:|https?:|ftp:|file:)/,
      "high",
      ["network", "unknown"],
      "fetches code from an address and runs it",
    ),
    mentions(/^(?:\/|\.\.\/)/, "high", ["unknown"], "runs the scripts of another folder"),
    asksUnknown,
  ),
};
const runsProject: Program = {
  risk: "high",
  effects: ["unknown"],
  does: "runs what a file of the project says",
  rule: startsAnything,
};

const fetchesForMachine: Program = { ...changesMachine, effects: ["network", "privilege", "service"] };
const told: Program = { risk: "low", effects: ["read"], does: "tells about packages" };
const fetches: Program = {
  risk: "high",
  effects: ["network", "unknown"],
  does: "fetches code and runs it",
  asked: "-v -V",
  rule: startsAnything,
};

/** Package managers: those of a project, and those of the machine. */
export const packages: ProgramTable = {
  "npm pnpm yarn": {
    risk: "high",
    effects: ["network", "unknown"],
    does: "does what is not known of a package manager",
    asked: "-v",
    valued: "--prefix -C --dir --cwd -w --workspace --registry --userconfig",
    options: {
      "--script-shell --userconfig --globalconfig --node-options": runsProgram,
    },
    commands: {
      "ls list view info outdated audit why explain search ping whoami root bin": lists,
      "ci install i add update up upgrade uninstall remove rm dedupe prune rebuild": installs,
      "run run-script test t start stop restart exec x dlx create init": runsProject,
      "publish unpublish deprecate dist-tag owner access token login logout adduser": {
        risk: "critical",
        effects: ["network", "live-infrastructure"],
        does: "changes what is published",
      },
    },
    examples: {
      "npm ci": "medium",
      "npm install github:x/y": "high",
      "npm install left-pad@https://x.example/a.tgz": "high",
      "npm install -g x": "high",
      'npm install "$PACKAGE"': "high",
      "npm install ../x": "high",
      "npm -v": "low",
      "npm test": "high",
      "npm run deploy": "high",
      "npm exec -- rm -rf /": "critical",
      "npm publish": "critical",
      "npm ls": "low",
      "npm audit": "low",
      "npm audit fix": "medium",
      "npm ls --script-shell=./x": "high",
    },
  },
  "npx pnpx bunx uvx direnv nix nix-shell nix-env nix-build nixos-rebuild guix": {
    ...fetches,
    examples: { "npx cowsay": "high", "npx -v": "low", "nix-shell --run 'rm -rf /'": "critical" },
  },
  "pipx uv poetry pdm hatch rye bundle gem mise asdf nvm pyenv rbenv conda mamba": {
    ...fetches,
    allowed: "-q -v --quiet --verbose",
    commands: { "list ls versions current which where outdated": lists },
    examples: {
      "poetry run rm -rf /": "critical",
      "gem list": "low",
      "conda list": "low",
      "uv --config-file x list": "high",
      "gem install ./x.gem": "high",
      "bundle exec ./x": "high",
    },
  },
  "pip composer": {
    risk: "high",
    effects: ["network", "unknown"],
    does: "does what is not known of a package manager",
    asked: "-V",
    allowed: "-q -v --quiet --verbose --no-color --disable-pip-version-check --no-input --no-cache-dir --isolated",
    commands: {
      "list show freeze check outdated": lists,
      "install update require remove uninstall download wheel": installs,
    },
    examples: {
      "pip install -r requirements.txt": "medium",
      "pip3 list": "low",
      "pip list --python ./evil": "high",
      "pip --python ./evil list": "high",
      "pip list --log /etc/x": "high",
      "pip install --target /usr/lib x": "high",
    },
  },
  "apt apt-get apt-cache aptitude dnf yum zypper apk brew port snap flatpak pkg": {
    ...fetchesForMachine,
    commands: {
      "list show search info policy depends rdepends madison showpkg outdated deps leaves": {
        ...lists,
        allowed:
          "-a -q -v --installed --upgradable --upgradeable --all-versions --names-only --json --versions --installed-only",
      },
    },
    valued: "-o -c -t --option --config-file",
    options: {
      "-o --option -c --config-file": {
        risk: "high",
        effects: ["unknown"],
        does: "can be told to run another program",
      },
    },
    examples: {
      "apt-get install -y nginx": "high",
      "apt list": "low",
      "apt-cache policy nginx": "low",
      "apt list -o APT::X=sh": "high",
      "apt list --upgradable": "low",
      "apt-get -o APT::Update::Pre-Invoke::=sh update": "high",
      "brew install x": "high",
    },
  },
  "dpkg dpkg-query": {
    ...told,
    valued: "-f --showformat",
    rule: onlyLooksWith(
      "-l -L -S -s -p -C -V -W -c -I --list --listfiles --search --status --print-avail --audit --verify --show --contents --info --get-selections --print-architecture",
      changesMachine,
      "-f --showformat",
    ),
    examples: { "dpkg -i x.deb": "high", "dpkg -l": "low", "dpkg --configure -a": "high", dpkg: "high" },
  },
  rpm: {
    ...told,
    rule: onlyLooksWith(
      "-q -V --query --verify",
      changesMachine,
      "-a -c -d -f -i -l -p -R --all --configfiles --docfiles --file --info --list --package --requires --last --changelog --provides --whatprovides --whatrequires --scripts --state",
    ),
    examples: { "rpm -qa --last": "low", "rpm -qi nginx": "low", "rpm -i x.rpm": "high", "rpm -q --pipe sh": "high" },
  },
  pacman: {
    ...told,
    rule: onlyLooksWith("-Q --query", fetchesForMachine, "-i -l -o -e -d -t -m -n -k -q -s"),
    examples: { "pacman -Qi nginx": "low", "pacman -S nginx": "high", "pacman -Syu": "high" },
  },
  "installer softwareupdate alternatives update-alternatives": {
    ...changesMachine,
    examples: { "update-alternatives --set editor /tmp/x": "high" },
  },
};
