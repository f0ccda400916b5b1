import { type Deployment, fenceMarks, parseMemo, printMemo } from "@memomesh/core";
import { readBody } from "@memomesh/core/markdown";
import type { SessionFiles } from "../agent.ts";
import { readFacts } from "./told.ts";

/** What a project says about itself: facts by the names of a `yaml deploy` block, and the files that say it. */
export interface ProjectFacts {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly sources: readonly string[];
  /** Fields about which two files say different things. */
  readonly conflicts: Readonly<Record<string, string>>;
}

/** Files that hold facts, nearest to the truth first. */
const factFiles = ["package.json", "deploy.yml", "deploy.yaml", "STATE.md", "README.md"] as const;
const deepest = 3;

/**
 * Reads what a project states about itself, and nothing that would have to be concluded.
 *
 * @param app the one that is asked about, where a node holds several projects
 */
export async function readProjectFacts(files: SessionFiles, app: string | undefined): Promise<ProjectFacts> {
  const folders = new Map<string, { name: string; facts: Record<string, unknown> }[]>();
  for (const path of (await files.list("")).filter(mayHoldFacts)) {
    const facts = factsIn(path, (await files.read(path)) ?? "");
    if (facts === undefined) continue;
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    folders.set(folder, [...(folders.get(folder) ?? []), { name: path, facts: await fromRoot(files, folder, facts) }]);
  }
  return join(chosen([...folders.values()], app));
}

function mayHoldFacts(path: string): boolean {
  const parts = path.split("/");
  const inMailbox = parts[0] === "memos" || parts[0] === "runbooks" || parts[0] === "docs";
  return parts.length <= deepest && !inMailbox && factFiles.some((name) => name === parts.at(-1));
}

function factsIn(path: string, text: string): Record<string, unknown> | undefined {
  if (path.endsWith("package.json")) return packageFacts(text);
  if (/deploy\.ya?ml$/.test(path)) return deployFacts(text);
  const fences = readBody(asMemo(path, text)).fences;
  const block = fences.find(({ lang, meta }) => /^ya?ml$/i.test(lang) && /^deploy\b/i.test(meta));
  return block === undefined ? undefined : deployFacts(block.text);
}

function packageFacts(text: string): Record<string, unknown> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const { name, version, scripts } = parsed as Record<string, unknown>;
  const commands = typeof scripts === "object" && scripts !== null ? (scripts as Record<string, unknown>) : {};
  const entries = ["build", "start", "test"].flatMap((script) =>
    typeof commands[script] === "string" ? [[script, `npm run ${script}`]] : [],
  );
  return {
    ...(typeof name === "string" ? { app: name.replace(/^@[^/]*\//, "") } : {}),
    ...(typeof version === "string" ? { version } : {}),
    ...Object.fromEntries(entries),
  };
}

/** A block that cannot be read says nothing: then a person is asked. */
function deployFacts(text: string): Record<string, unknown> | undefined {
  const marks = fenceMarks(text);
  const memo = asMemo("deploy.yml", `${marks}yaml deploy\n${text}\n${marks}`);
  const { facts } = readFacts(memo, readBody(memo));
  return facts === undefined ? undefined : asBlock(facts);
}

function asMemo(subject: string, body: string) {
  return parseMemo(printMemo({ to: ["operator"], subject, body }), subject);
}

/** Facts under the names that a `yaml deploy` block has for them; what is absent has no key. */
function asBlock({ artifacts, env, needs, verify, ...rest }: Deployment): Record<string, unknown> {
  return {
    ...rest,
    ...(artifacts.length > 0 ? { artifact: artifacts } : {}),
    ...(env.length > 0 ? { env } : {}),
    ...(needs.length > 0 ? { needs } : {}),
    ...(verify.length > 0 ? { verify } : {}),
  };
}

/** A path in a file of a subfolder may be meant from there; a memo's is meant from the node's folder. */
async function fromRoot(
  files: SessionFiles,
  folder: string,
  facts: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { artifact } = facts;
  if (folder === "" || !Array.isArray(artifact)) return facts;
  const moved = artifact.map(async (each: { readonly path?: string }) => {
    if (each.path === undefined || (await files.exists(each.path))) return each;
    return (await files.exists(`${folder}/${each.path}`)) ? { ...each, path: `${folder}/${each.path}` } : each;
  });
  return { ...facts, artifact: await Promise.all(moved) };
}

type Source = { readonly name: string; readonly facts: Readonly<Record<string, unknown>> };

/** The files of the folder that is about the app; of the only folder there is when none was named. */
function chosen(folders: readonly (readonly Source[])[], app: string | undefined): readonly Source[] {
  const named = folders.filter((sources) => sources.some(({ facts }) => facts.app === app));
  if (app !== undefined && named.length === 1) return named[0] ?? [];
  return folders.length === 1 && (app === undefined || folders[0]?.every(({ facts }) => facts.app === undefined))
    ? (folders[0] ?? [])
    : [];
}

function join(sources: readonly Source[]): ProjectFacts {
  const facts: Record<string, unknown> = {};
  const conflicts: Record<string, string> = {};
  const said = new Map<string, string>();
  const ordered = sources.toSorted((a, b) => rank(a.name) - rank(b.name));
  for (const { name, facts: each } of ordered) {
    for (const [field, value] of Object.entries(each)) {
      if (!(field in facts)) {
        facts[field] = value;
        said.set(field, name);
      } else if (JSON.stringify(facts[field]) !== JSON.stringify(value)) {
        conflicts[field] = `\`${said.get(field)}\` and \`${name}\` say different things`;
      }
    }
  }
  for (const field of Object.keys(conflicts)) delete facts[field];
  return { facts, sources: ordered.map(({ name }) => name), conflicts };
}

function rank(path: string): number {
  return factFiles.findIndex((name) => path.endsWith(name));
}
