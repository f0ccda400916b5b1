import { type Call, finding } from "../call.ts";
import type { Effect, Finding, Place } from "../classification.ts";
import { given } from "../options.ts";
import type { Rule } from "../program.ts";
import { after, leadOf, textOf } from "../shell/argument.ts";

type Kind = readonly [words: RegExp, risk: Finding["risk"], effects: readonly Effect[], does: string];

// Words anywhere in the text, in comments and strings too: what a database makes of them is not ours to parse.
const kinds: readonly Kind[] = [
  [
    /\bDROP\b|\bTRUNCATE\b|\bFLUSH(?:ALL|DB)\b|\bdropDatabase\b|\.drop\s*\(|\bdeleteMany\s*\(\s*\{\s*\}/i,
    "critical",
    ["data", "delete"],
    "deletes data for good",
  ],
  [/\bDELETE\s+FROM\b(?![^;]{0,2000}\bWHERE\b)/i, "critical", ["data", "delete"], "deletes every row of a table"],
  [
    /\b(?:CREATE|ALTER)\s+(?:USER|ROLE)\b|\b(?:GRANT|REVOKE)\b|\bSET\s+PASSWORD\b|\bIDENTIFIED\s+BY\b/i,
    "critical",
    ["data", "privilege"],
    "changes who may use the database",
  ],
  [
    /\bCOPY\b[^;]{0,2000}\bPROGRAM\b|\bxp_cmdshell\b|\bsys_(?:exec|eval)\b|\blo_(?:import|export)\b|\bpg_(?:read|write)_\w*file\b|\bLOAD_FILE\b|\bINTO\s+(?:OUT|DUMP)FILE\b|\bload_extension\b|\bMODULE\s+LOAD|\b(?:writefile|edit|fsdir)\s*\(/i,
    "critical",
    ["data", "unknown"],
    "lets the database run programs or use files",
  ],
  [
    /\\(?!(?:[dl][a-z]*\+?|conninfo|x|timing|pset|q)(?:\s|;|$))\S|(?:^|\n)\s*\.(?!(?:tables|schema|headers|mode|indexes|indices|databases|dbinfo|show|width|quit|exit|help|bail)\b)[a-z]/i,
    "high",
    ["data", "unknown"],
    "runs programs or uses files from within the database's client",
  ],
  [
    /\b(?:readfile|read_(?:csv|csv_auto|text|blob|json|json_auto|parquet|ndjson)|sniff_csv|glob|INSTALL)\b\s*[('a-z]/i,
    "high",
    ["data", "read", "unknown"],
    "reads files from within the database",
  ],
  [
    /\b(?:INSERT|UPDATE|DELETE|ALTER|CREATE|MERGE|REPLACE|RENAME|REINDEX|VACUUM|CLUSTER|LOCK|CALL|DO|COPY|LOAD|IMPORT|ATTACH|SET|EXEC(?:UTE)?|DEL|HDEL|EXPIRE|CONFIG|SHUTDOWN|EVAL|SAVE|BGSAVE|REPLICAOF|SLAVEOF|KILL|insert\w*|update\w*|delete\w*|remove)\b/i,
    "high",
    ["data", "write"],
    "changes data",
  ],
];
const reading =
  /^\s*(?:SELECT|SHOW|EXPLAIN|DESCRIBE|DESC|VALUES|TABLE|WITH|PING|INFO|GET|HGET|KEYS|SCAN|TTL|DBSIZE|EXISTS|TYPE|LLEN|PRAGMA\s+\w+;?$|\\[dl][a-z+]*|\\conninfo|\.tables|\.schema)\b/i;

/**
 * Clients of databases.
 *
 * @param options those whose value is a statement
 * @param operands "text": operands are statements; "first": the first one is the database
 */
export function statements(options: string, operands: "none" | "text" | "after-first"): Rule {
  return (call, parsed) => {
    const written = operands === "none" ? [] : parsed.operands.slice(operands === "text" ? 0 : 1);
    const joined = written.length > 0 ? [written.map((each) => textOf(each) ?? "…").join(" ")] : [];
    const texts = [
      ...given(parsed, options).flatMap(({ value }) => (value === undefined ? [] : [textOf(value)])),
      ...joined,
    ];
    const input = call.input.kind === "terminal" ? [] : [call.into.inputText(call)];
    const all = texts.length > 0 ? texts : input;
    if (all.length === 0)
      return [finding(call, "high", ["data", "unknown"], "takes statements that do not stand here")];
    return all.flatMap((text) => statementFindings(call, text, call));
  };
}

/** `psql` starts what stands behind a `|` where a file is meant. */
export function pipesOut(options: string): Rule {
  return (call, parsed) =>
    given(parsed, options).flatMap(({ value }) =>
      value !== undefined && /^\s*\|/.test(leadOf(value))
        ? call.into.text(after(value, leadOf(value).indexOf("|") + 1), call)
        : [],
    );
}

function statementFindings(call: Call, text: string | undefined, place: Place): readonly Finding[] {
  if (text === undefined)
    return [
      finding(call, "high", ["data", "unknown"], "is given statements that cannot be known before it runs", place),
    ];
  const found = kinds
    .filter(([words]) => words.test(text))
    .map(([, risk, effects, does]) => finding(call, risk, effects, does, place));
  if (found.length > 0) return found;
  return reading.test(text)
    ? [finding(call, "medium", ["data", "read"], "reads data", place)]
    : [finding(call, "high", ["data", "unknown"], "is given statements that are not known", place)];
}
