import { type Deployment, deploymentOf, deploymentSchema } from "./deployment-schema.ts";
import { envNames } from "./env-names.ts";
import type { Memo } from "./memo.ts";
import { checkValue } from "./schema.ts";
import { type Block, lineOf, nodesOf, parseTree, plainText } from "./tree.ts";

/** What people call the facts, in lower case. */
const names: Readonly<Record<string, Fact>> = {
  app: "app",
  application: "app",
  service: "app",
  version: "version",
  release: "version",
  target: "target",
  artifact: "artifact",
  artifacts: "artifact",
  port: "port",
  domain: "domain",
  env: "env",
  environment: "env",
  "environment variables": "env",
  variables: "env",
  needs: "needs",
  "depends on": "needs",
  dependencies: "needs",
  memory: "memory",
  disk: "disk",
  cpu: "cpus",
  cpus: "cpus",
  verify: "verify",
  verification: "verify",
  "health check": "verify",
};

type Fact =
  | "app"
  | "version"
  | "target"
  | "artifact"
  | "port"
  | "domain"
  | "env"
  | "needs"
  | "memory"
  | "disk"
  | "cpus"
  | "verify";

/** One statement of a memo: the text behind a name, or an item below a heading of that name. */
interface Statement {
  readonly fact: Fact;
  readonly text: string;
  /** What is set as code in it: a path, a command. */
  readonly code: string | undefined;
  /** Line in the file, counted from 1. */
  readonly line: number;
}

/**
 * The facts that a memo states in prose. A person's sentence is no syntax: what does not read as a fact is left alone,
 * except a value where the name of a variable belongs.
 *
 * @returns undefined when there are none
 * @throws MeshError `deployment.env` with file and line
 */
export function readDeploymentProse(memo: Memo): Deployment | undefined {
  const statements = statementsOf(memo);
  const facts: Record<string, unknown> = {};
  const resources: Record<string, string | undefined> = {};
  const env: string[] = [];
  for (const { fact, text, code, line } of statements) {
    if (fact === "env") env.push(...envNames(variables(text), { file: memo.file, line }));
    else if (fact === "memory" || fact === "cpus" || fact === "disk") resources[fact] ??= word(text);
    else if (fact === "needs" || fact === "artifact" || fact === "verify") {
      const value = { needs: neededIn, artifact: artifactIn, verify: verificationIn }[fact](text, code);
      if (value !== undefined) facts[fact] = [...((facts[fact] as unknown[]) ?? []), ...value];
    } else facts[fact] ??= word(text);
  }
  const read = onlyReadable({ ...facts, ...(Object.values(resources).some(Boolean) ? { resources } : {}) });
  return read === undefined && env.length === 0
    ? undefined
    : deploymentOf(deploymentSchema.parse(read ?? {}), [...new Set(env)]);
}

function statementsOf(memo: Memo): Statement[] {
  const statements: Statement[] = [];
  let below: Fact | undefined;
  let closed = false;
  for (const block of parseTree(memo.body).children) {
    if (block.type === "heading") {
      const heading = plainText(block).toLowerCase().replace(/:$/, "");
      closed = /^(?:action items?|completion)$/.test(heading);
      below = Object.hasOwn(names, heading) ? names[heading] : undefined;
    } else if (!closed) {
      const parts: Block[] =
        block.type === "paragraph" ? [block] : nodesOf(block, "listItem").flatMap((item) => item.children.slice(0, 1));
      for (const part of parts) {
        const statement = statementIn(part, block.type === "paragraph" ? undefined : below, memo.bodyLine - 1);
        if (statement !== undefined) statements.push(statement);
      }
    }
  }
  return statements;
}

function statementIn(part: Block, below: Fact | undefined, lines: number): Statement | undefined {
  const text = plainText(part);
  const code = nodesOf(part, "inlineCode")[0]?.value;
  const line = lineOf(part) + lines;
  const [, name = "", value = ""] = /^([A-Za-z][A-Za-z ]{1,30}?)\s*:\s+(.+)$/.exec(text) ?? [];
  const key = name.toLowerCase();
  if (Object.hasOwn(names, key)) return { fact: names[key] as Fact, text: value, code, line };
  return below === undefined ? undefined : { fact: below, text, code, line };
}

/** A value that is one word, perhaps with a remark in parentheses behind it. */
function word(text: string): string | undefined {
  return /^([^\s,;()]+?)[.,;]?(?:\s*\(.*\))?$/.exec(text)?.[1];
}

/** The names at the beginning of a text: `DATABASE_URL, SESSION_SECRET`, or `DATABASE_URL: where the orders are`. */
function variables(text: string): string[] {
  const listed = text.split(/\s*,\s*|\s+and\s+/).map((each) => each.replace(/\.$/, ""));
  if (listed.every((each) => /^[A-Z][A-Z0-9_]*(?:=.*)?$/.test(each))) return listed;
  return /^[A-Z][A-Z0-9_]*(?:=\S*)?(?=[\s:,(–—-]|$)/.exec(text)?.slice(0, 1) ?? [];
}

function neededIn(text: string): unknown[] | undefined {
  const parts = text.split(/\s*,\s*|\s+and\s+/).map(word);
  return parts.every((part) => part !== undefined) ? parts.map((part) => part.toLowerCase()) : undefined;
}

function artifactIn(text: string, code: string | undefined): unknown[] | undefined {
  const kind = /\b(static|image|compose|migration)\b/i.exec(text)?.[1]?.toLowerCase();
  const bare = text.replace(/\b(?:static|image|compose|migration)\b|files?|folder|\bin\b|[(),:]/gi, " ").trim();
  const where = code ?? (/^\S+$/.test(bare) ? bare : undefined);
  if (kind === undefined || where === undefined) return undefined;
  return [kind === "image" ? { kind, image: where } : { kind, path: where.replace(/\/$/, "") }];
}

function verificationIn(text: string, code: string | undefined): unknown[] | undefined {
  const http = /https?:\/\/[^\s"'`<>\\$|;(){},]+/.exec(text)?.[0]?.replace(/[.:]$/, "");
  if (http === undefined) return code === undefined ? undefined : [{ command: code }];
  // A command that fetches an address is still a command.
  if (code !== undefined && code !== http) return [{ command: code }];
  const status = /\b([1-5]\d\d)\b/.exec(text.replace(http, ""))?.[1];
  return [{ http, ...(status === undefined ? {} : { expect: status }) }];
}

/** The facts without those that the schema refuses; undefined when nothing is left. */
function onlyReadable(facts: Record<string, unknown>): Record<string, unknown> | undefined {
  const checked = checkValue(deploymentSchema, facts);
  const refused = new Set(checked.ok ? [] : checked.refusals.map(({ path }) => path[0]));
  const left = Object.entries(facts).filter(([name, value]) => value !== undefined && !refused.has(name));
  return left.length === 0 ? undefined : Object.fromEntries(left);
}
