import type { ProgramTable } from "../program.ts";
import { every } from "../rules/every.ts";
import { startsAnything } from "../rules/launch.ts";
import { mentions } from "../rules/mention.ts";
import { pipesOut, statements } from "../rules/sql.ts";
import { writesFile } from "./usual-options.ts";

const sqlOptions = "-c -e --command --execute -q -Q --query --eval";
const clientOptions =
  "-A -a -b -E -e -F -H -l -n -q -R -S -s -t -x -z -0 -1 -X -w -W -N -B -r -G -C -i -v -V --no-align --tuples-only --no-psqlrc --quiet --html --csv --single-transaction --field-separator --record-separator --no-password --password --batch --silent --skip-column-names --raw --table --vertical --xml --ssl --ssl-mode --tls --compress --connect-timeout --default-character-set --no-auto-rehash --force --expanded --list --version --help --pset --format --authenticationDatabase --quiet --norc --json --no-defaults --protocol --socket --safe-updates --auto-vertical-output --no-readline";
const valued =
  "-F -R -T -S -c -e -f -h -p -U -u -d -D -P -o -L -v -q -Q --command --execute --file --host --port --username --user --dbname --database --output --log-file --set --variable --query --eval --defaults-file --init-command";

/** Databases and what else keeps data: what happens to the data is in the statements. */
export const data: ProgramTable = {
  "psql mysql mariadb clickhouse-client cockroach sqlcmd mongosh mongo cqlsh": {
    risk: "medium",
    effects: ["data"],
    does: "works on a database",
    valued,
    allowed: clientOptions,
    options: {
      "-f --file --defaults-file --init-command": {
        risk: "high",
        effects: ["data", "unknown"],
        does: "takes statements from a file that was not read here",
      },
      "-o --output -L --log-file": writesFile,
    },
    rule: every(statements(sqlOptions, "none"), pipesOut("-o --output -L --log-file")),
    examples: {
      "psql -o '|reboot' -c 'SELECT 1'": "critical",
      "echo 'SELECT 1 \\g |sh' | psql": "high",
      "mysql --pager='sh -c id' -e 'SELECT 1'": "high",
      "mysql --plugin-dir=. -e 'SELECT 1'": "high",
      "psql -At -c 'SELECT 1'": "medium",
      "psql -c 'SELECT 1'": "medium",
      "psql -c 'DROP TABLE users'": "critical",
      "psql -c 'drop database x'": "critical",
      "psql -c 'DELETE FROM users'": "critical",
      "psql -c 'DELETE FROM users WHERE id = 1'": "high",
      "mysql -e 'UPDATE t SET a = 1'": "high",
      "psql -f migrate.sql": "high",
      "psql < migrate.sql": "high",
      "echo 'DROP TABLE x' | psql": "critical",
      "psql <<'E'\nTRUNCATE users;\nE": "critical",
      'psql -c "$SQL"': "high",
      "psql --comm='DROP TABLE x'": "critical",
      "psql -c '\\! reboot'": "high",
      "psql -c \"COPY t TO PROGRAM 'sh'\"": "critical",
      psql: "high",
    },
  },
  "sqlite sqlite3 duckdb": {
    risk: "medium",
    effects: ["data"],
    does: "works on a database",
    valued: "-cmd -init -separator -nullvalue",
    dashWords: true,
    options: { "-init": { risk: "high", effects: ["unknown"], does: "takes statements from a file" } },
    allowed:
      "-json -csv -header -noheader -column -line -list -table -box -markdown -html -quote -readonly -batch -bail -echo -safe -version -help -tabs -nofollow -stats -cmd -separator -nullvalue --version --help",
    rule: statements("-cmd -c", "after-first"),
    examples: {
      "sqlite3 x.db 'SELECT 1'": "medium",
      "sqlite3 x.db 'DROP TABLE t'": "critical",
      "sqlite3 x.db '.shell reboot'": "high",
      "sqlite3 x.db \"select writefile('/etc/x', 'y')\"": "critical",
      "sqlite3 x.db '.load ./x'": "high",
      "sqlite3 -json x.db '.tables'": "medium",
      "duckdb x.db \"select * from read_csv('/etc/shadow')\"": "high",
      "sqlite3 -vfs x x.db 'select 1'": "high",
    },
  },
  "redis-cli valkey-cli": {
    risk: "medium",
    effects: ["data"],
    does: "works on a database",
    strict: true,
    valued: "-h -p -a -n -u -s -r -i --user --pass --rdb --functions-rdb --cert --key --cacert --cacertdir --sni -d -D",
    allowed:
      "-c -3 -2 --raw --no-raw --json --csv --quoted-json --tls --insecure --no-auth-warning --stat --latency --bigkeys --memkeys --hotkeys --scan --pattern --verbose --version --help --askpass",
    options: {
      "--rdb --functions-rdb": writesFile,
      "--eval --pipe -x -X --cluster": {
        risk: "high",
        effects: ["data", "unknown"],
        does: "takes commands from elsewhere",
      },
    },
    rule: statements("--eval", "text"),
    examples: {
      "redis-cli GET a": "medium",
      "redis-cli FLUSHALL": "critical",
      "redis-cli SET a 1": "high",
      "redis-cli --rdb /etc/x": "high",
      "redis-cli MODULE LOAD ./x.so": "critical",
    },
  },
  "pg_dump pg_dumpall mysqldump mariadb-dump mongodump mongoexport": {
    risk: "medium",
    effects: ["data", "read"],
    does: "copies all data of a database",
    valued:
      "-f --file -r --result-file -o --out -h -p -U -d -t -n -T -u -F -j -Z --host --port --username --user --dbname --db --collection --table --schema --exclude-table --format --jobs --uri --archive --tab",
    options: { "-f --file -r --result-file -o --out --archive --tab": writesFile },
    allowed:
      "-a -s -c -C -O -x -w -W -v -A -B -q --data-only --schema-only --clean --create --no-owner --no-privileges --no-acl --if-exists --inserts --column-inserts --no-password --password --verbose --all-databases --databases --single-transaction --quick --lock-tables --skip-lock-tables --routines --triggers --events --no-data --no-create-info --no-tablespaces --column-statistics --set-gtid-purged --compress --gzip --quiet --globals-only --roles-only --version --help --hex-blob --opt --skip-opt --default-character-set --master-data --source-data",
    examples: {
      "pg_dump shop > backup.sql": "medium",
      "pg_dump -f /etc/x shop": "high",
      "mysqldump --plugin-dir=. shop": "high",
    },
  },
  "pg_restore mongorestore mysqlimport mongoimport createdb createuser pg_ctl pg_upgrade pg_resetwal mysqladmin alembic flyway liquibase dbmate sqitch goose prisma knex":
    {
      risk: "high",
      effects: ["data"],
      does: "changes a database",
      commands: {
        "ping status version processlist": {
          risk: "medium",
          effects: ["read", "data"],
          does: "asks a database how it is",
        },
      },
      rule: mentions(
        /^(?:drop|reset|clean|undo|flush-privileges|password)$/,
        "critical",
        ["data", "delete"],
        "takes data away, or changes who may use it",
      ),
      examples: {
        "mysqladmin drop shop": "critical",
        "mysqladmin ping": "medium",
        "flyway clean": "critical",
        "prisma migrate reset": "critical",
        "pg_restore -d shop dump": "high",
        "flyway migrate": "high",
        "alembic upgrade head": "high",
      },
    },
  "rabbitmqctl rabbitmqadmin rabbitmq-diagnostics nats mqadmin kafka-topics kafka-configs kafka-consumer-groups kafka-acls kafka-delete-records kafka-topics.sh kafka-configs.sh kafka-consumer-groups.sh kafka-acls.sh kafka-delete-records.sh":
    {
      risk: "high",
      effects: ["data"],
      does: "works on messages that others wait for",
      commands: {
        "status ping list_queues list_exchanges list_connections list_channels list_vhosts cluster_status": {
          risk: "medium",
          effects: ["read", "data"],
          does: "asks about messages",
        },
      },
      rule: mentions(
        /^(?:(?:delete|purge|clear|add|set|change|forget|force|reset)(?:_\w+)?|rm|--delete|--reset-offsets|--remove)$/,
        "critical",
        ["data", "delete"],
        "deletes messages, or changes who may read them",
      ),
      examples: {
        "rabbitmqctl list_queues": "medium",
        "rabbitmqctl purge_queue orders": "critical",
        "rabbitmqctl set_permissions x": "critical",
        "kafka-topics.sh --bootstrap-server k:9092 --list": "high",
        "kafka-topics.sh --delete --topic orders": "critical",
      },
    },
  "dropdb dropuser": {
    risk: "critical",
    effects: ["data", "delete"],
    does: "removes a database or a user of it",
    examples: { "dropdb shop": "critical", "dropuser x": "critical" },
  },
  "restic borg borgmatic kopia duplicity velero etcdctl influx": {
    risk: "high",
    effects: ["data"],
    does: "works with data that is kept for others",
    rule: every(
      startsAnything,
      mentions(
        /^(?:forget|prune|delete|del|purge|remove|compact|snapshot-delete|key|user|role|defrag|restore)$/,
        "critical",
        ["data", "delete"],
        "deletes or overwrites data",
      ),
    ),
    examples: {
      "restic snapshots": "high",
      "restic forget --keep-last 1 --prune": "critical",
      "borg delete repo::old": "critical",
      "etcdctl del '' --prefix": "critical",
    },
  },
};
