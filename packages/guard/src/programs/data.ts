import type { ProgramTable } from "../program.ts";
import { statements } from "../rules/sql.ts";

const sqlOptions = "-c -e --command --execute -q --query --eval";
const valued =
  "-c -e -f -h -p -U -u -d -D -P -o -L -v -q --command --execute --file --host --port --username --user --dbname --database --output --log-file --set --variable --query --eval --defaults-file --init-command";

/** Databases: what happens to the data is in the statements. */
export const data: ProgramTable = {
  "psql mysql mariadb clickhouse-client cockroach sqlcmd mongosh mongo cqlsh": {
    risk: "medium",
    effects: ["data"],
    does: "works on a database",
    valued,
    options: {
      "-f --file --defaults-file --init-command": {
        risk: "high",
        effects: ["data", "unknown"],
        does: "takes statements from a file that was not read here",
      },
      "-o --output -L --log-file": { does: "writes a file", value: "write" },
    },
    rule: statements(sqlOptions, "none"),
    examples: {
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
    rule: statements("-cmd -c", "after-first"),
    examples: {
      "sqlite3 x.db 'SELECT 1'": "medium",
      "sqlite3 x.db 'DROP TABLE t'": "critical",
      "sqlite3 x.db '.shell reboot'": "high",
    },
  },
  "redis-cli valkey-cli": {
    risk: "medium",
    effects: ["data"],
    does: "works on a database",
    strict: true,
    valued: "-h -p -a -n -u -s -r -i --user --pass",
    options: { "--eval --pipe": { risk: "high", effects: ["data", "unknown"], does: "takes commands from elsewhere" } },
    rule: statements("--eval", "text"),
    examples: { "redis-cli GET a": "medium", "redis-cli FLUSHALL": "critical", "redis-cli SET a 1": "high" },
  },
  "pg_dump pg_dumpall mysqldump mariadb-dump mongodump mongoexport": {
    risk: "medium",
    effects: ["data", "read"],
    does: "copies all data of a database",
    valued: "-f --file -r --result-file -o --out -h -p -U -d",
    options: { "-f --file -r --result-file -o --out": { does: "writes a file", value: "write" } },
    examples: { "pg_dump shop > backup.sql": "medium", "pg_dump -f /etc/x shop": "high" },
  },
  "pg_restore mongorestore mysqlimport mongoimport createdb createuser pg_ctl pg_upgrade pg_resetwal mysqladmin alembic flyway liquibase dbmate sqitch goose prisma knex":
    {
      risk: "high",
      effects: ["data"],
      does: "changes a database",
      examples: { "pg_restore -d shop dump": "high", "flyway migrate": "high", "alembic upgrade head": "high" },
    },
  "dropdb dropuser": {
    risk: "critical",
    effects: ["data", "delete"],
    does: "removes a database or a user of it",
    examples: { "dropdb shop": "critical", "dropuser x": "critical" },
  },
};
