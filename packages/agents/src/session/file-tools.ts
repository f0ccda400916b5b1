import type { MeshError } from "@memomesh/core";
import { checkChangePath, redact } from "@memomesh/guard";
import * as z from "zod";
import type { Desk } from "./desk.ts";
import { foldListing } from "./listing.ts";
import { marked } from "./marked.ts";
import { isSecret } from "./paths.ts";
import { found, linesOf, searchLines } from "./search.ts";
import { refusal, tool } from "./tool.ts";

/** The most that one result shows: characters of a file, lines of a listing. */
const longestResult = 24_000;
const longestListing = 300;
/** What `redact` puts in place of a secret that is known by its form. */
const takenOut = "‹secret›";

const path = z
  .string()
  .min(1)
  .describe("Relative to your folder; <node>:<path> for a file of another node that you may read.");
const folder = z.string().optional().describe("A folder, as a path; your own folder when left out.");
const lineNumber = (what: string) => z.int().min(1).optional().describe(what);

const list = tool({
  name: "list",
  description: "Lists the files below a folder. Folders with very many files are shown as a count; list them by name.",
  schema: z.strictObject({ path: folder }),
  async run(desk, input) {
    const { full } = desk.locate(input.path ?? "");
    const files = await desk.list(full);
    if (files.length === 0) return `There are no files in ${full || "your folder"}.`;
    return marked(
      desk.boundary,
      "data",
      `files in ${full || "your folder"}`,
      foldListing(files, longestListing).join("\n"),
    );
  },
});

const read = tool({
  name: "read",
  description: `Reads a text file, or some of its lines. At most ${longestResult} characters come at once; read on with \`from\`. Secrets are taken out and shown as ${takenOut}.`,
  schema: z.strictObject({ path, from: lineNumber("First line, counted from 1."), to: lineNumber("Last line.") }),
  async run(desk, { path, from = 1, to }) {
    const text = await readText(desk, path);
    const lines = linesOf(redact(text));
    if (from > lines.length) throw refusal("read", `${path} has ${lines.length} lines; there is no line ${from}.`);
    const chosen: string[] = [];
    let length = 0;
    for (const line of lines.slice(from - 1, to)) {
      length += line.length + 1;
      if (length > longestResult && chosen.length > 0) break;
      chosen.push(line.slice(0, longestResult));
    }
    const last = from + chosen.length - 1;
    const cut = chosen.at(-1) !== lines[last - 1] ? `; line ${last} is longer than what is shown` : "";
    const rest = last < lines.length ? `; read on from line ${last + 1}` : "";
    return `Lines ${from} to ${last} of ${lines.length}${cut}${rest}.\n${marked(desk.boundary, "data", path, chosen.join("\n"))}`;
  },
});

const search = tool({
  name: "search",
  description:
    "Finds the lines that hold a text, in all files below a folder. The text is taken as it is: no patterns.",
  schema: z.strictObject({
    text: z.string().min(1).describe("What to look for, within one line."),
    path: folder,
    ignoreCase: z.boolean().optional().describe("Whether capital and small letters are the same."),
  }),
  async run(desk, input) {
    const { hits, note } = await searchLines(desk, input);
    if (hits.length === 0) return `Nothing holds that text${note}.`;
    return `${found(hits.length)}${note}.\n${marked(desk.boundary, "data", "search", hits.join("\n"))}`;
  },
});

const write = tool({
  name: "write",
  description:
    "Writes a whole text file in your folder: a new one, or one that you have read. It is on the disk only after the session, when a check has passed. Runbooks, STATE.md and lessons have tools of their own. A file that steers agents (AGENTS.md, node.yml, CI) stays as it is, and what you write becomes a proposal to the operator.",
  schema: z.strictObject({
    path,
    content: z.string().describe("The whole new text."),
    executable: z.boolean().optional().describe("Whether it may be run as a program."),
  }),
  async run(desk, { path, content, executable }) {
    const inside = ownPath(desk, path);
    const before = await currentText(desk, inside);
    if (before !== undefined && redact(before) !== before) {
      throw refusal(
        "secret",
        `${path} holds secrets that you cannot see and would be lost; use edit on the other lines.`,
      );
    }
    desk.put({ path: inside, content: fitToWrite(path, content), ...(executable === undefined ? {} : { executable }) });
    return laid(inside, before === undefined ? "will be a new file" : "will have the new text");
  },
});

const edit = tool({
  name: "edit",
  description:
    "Replaces a piece of a file in your folder that you have read. The old text has to stand there exactly once.",
  schema: z.strictObject({
    path,
    old: z.string().min(1).describe("The text as it stands there, with as many lines around it as make it unique."),
    new: z.string().describe("The text in its place."),
  }),
  async run(desk, { path, old, new: replacement }) {
    const inside = ownPath(desk, path);
    const before = await currentText(desk, inside);
    if (before === undefined) throw refusal("edit", `${path} does not exist; use write.`);
    const at = before.indexOf(old);
    if (at < 0) throw refusal("edit", `The old text does not stand in ${path}; read it again.`);
    if (before.indexOf(old, at + 1) >= 0) {
      throw refusal("edit", `The old text stands in ${path} more than once; give more of the lines around it.`);
    }
    desk.put({
      path: inside,
      content: before.slice(0, at) + fitToWrite(path, replacement) + before.slice(at + old.length),
    });
    return laid(inside, "will have the new text");
  },
});

/** What API models have for files; programs have tools of their own. */
export const fileTools = [list, read, search, write, edit];

/** @throws MeshError `session.read` or `session.secret` when there is nothing to show */
async function readText(desk: Desk, path: string): Promise<string> {
  const { inside, full } = desk.locate(path);
  if (isSecret(inside)) throw secretFile(path);
  const text = await desk.read(full);
  if (text === undefined) throw refusal("read", `There is no file ${path}.`);
  if (text.includes("\0")) throw refusal("read", `${path} is no text file.`);
  return text;
}

function secretFile(path: string): MeshError {
  return refusal(
    "secret",
    `${path} may hold secrets and is not shown; name the variables that are needed, never their values.`,
  );
}

/** @throws MeshError `session.write` when another tool or nobody may write there */
function ownPath(desk: Desk, path: string): string {
  const { node, inside } = desk.locate(path);
  if (node !== undefined) throw refusal("write", `${path} belongs to ${node}; propose the change in a memo.`);
  if (inside === "STATE.md") throw refusal("write", "STATE.md is written with update_state.");
  if (inside === "docs/ai-lessons.md") throw refusal("write", "Lessons are recorded with record_lesson.");
  if (inside.startsWith("runbooks/")) throw refusal("write", "Runbooks are written with write_runbook.");
  return inside;
}

/** What the model is told of a change that it has made. */
function laid(path: string, becomes: string): string {
  if (checkChangePath(path).allowed) return `${path} ${becomes}.`;
  return `${path} steers agents, so it stays as it is: the change is kept as a proposal to the operator, who sees it with your closing notes. Say there why. If it is accepted, ${path} ${becomes}.`;
}

/** @throws MeshError `session.unread` when the session does not know what it would change */
async function currentText(desk: Desk, inside: string): Promise<string | undefined> {
  if (desk.hasSeen(inside)) return readText(desk, inside);
  if (!(await desk.exists(inside))) return desk.read(inside);
  if (isSecret(inside)) throw secretFile(inside);
  throw refusal("unread", `${inside} exists and was not read in this session; read it first.`);
}

function fitToWrite(path: string, text: string): string {
  if (!text.includes(takenOut)) return text;
  throw refusal(
    "secret",
    `The text for ${path} holds ${takenOut}, which only stands for what you cannot see. Nothing was written.`,
  );
}
