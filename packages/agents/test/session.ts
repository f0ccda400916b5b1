// A mesh in a temporary folder, and sessions in it as the coordinator would hold them.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { type Changeset, MeshError, memoFileName, newId, parseMemo, printMemo, sha256 } from "@memomesh/core";
import { readBody } from "@memomesh/core/markdown";
import { onTestFinished } from "vitest";
import { createAgent, type JournalEntry, type SessionContext, type SessionFiles } from "../src/index.ts";

const now = "2026-11-21T10:14:09.000Z";
const ids = { memo: "01KAJ0000000000000000MEM01", session: "01KAJ0000000000000000SES01" };

/** A journal in memory, with what an earlier session has left. */
export class TestJournal {
  readonly entries: JournalEntry[] = [];
  readonly earlier: readonly JournalEntry[];

  constructor(earlier: readonly JournalEntry[] = []) {
    this.earlier = earlier;
  }

  async write(entry: JournalEntry): Promise<void> {
    // As a file would keep it.
    this.entries.push(JSON.parse(JSON.stringify(entry)));
  }
}

export class TestMesh {
  readonly root = mkdtempSync(join(tmpdir(), "memomesh-agents-"));

  constructor() {
    onTestFinished(() => rmSync(this.root, { recursive: true, force: true }));
    mkdirSync(join(this.root, "projects"));
  }

  /** Writes a file, by its path from the mesh's root. */
  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  /** Writes what a changeset wants to have written, into the folder of its node. */
  apply({ node, files, outcome }: Changeset): void {
    for (const { path, content } of files) if (content !== null) this.write(`projects/${node}/${path}`, content);
    if (outcome.kind === "prepared") this.write(`projects/${node}/${outcome.runbook.path}`, outcome.runbook.source);
  }

  /** @param denied ids of nodes whose files this one may not read */
  files(node: string, denied: readonly string[] = []): SessionFiles {
    const { root } = this;
    const base: Record<string, string | null> = {};
    const copied: Record<string, string | null> = {};
    const locate = (path: string) => {
      const [, owner = node, inside = path] = /^([a-z][a-z0-9-]*):(.*)$/.exec(path) ?? [];
      if (denied.includes(owner)) throw new MeshError("session.read.denied", `${path} cannot be read here: no grant`);
      return { owner, path: join(this.root, "projects", owner, inside), inside };
    };
    return {
      async read(path) {
        const { owner, path: absolute, inside } = locate(path);
        const text = plainFile(absolute) ? readFileSync(absolute, "utf8") : undefined;
        if (owner === node) base[inside] = text === undefined ? null : sha256(text);
        return text;
      },
      async list(path) {
        const start = locate(path).path;
        if (plainFile(start) || statSync(start, { throwIfNoEntry: false }) === undefined) return [];
        const entries = readdirSync(start, { recursive: true, encoding: "utf8" });
        return entries.filter((entry) => plainFile(join(start, entry))).sort();
      },
      async exists(path) {
        return statSync(locate(path).path, { throwIfNoEntry: false }) !== undefined;
      },
      relyOn(path) {
        const digest = copied[locate(path).inside];
        if (digest !== undefined) base[path] ??= digest;
      },
      async readBytes(path) {
        const { owner, path: absolute, inside } = locate(path);
        const bytes = plainFile(absolute) ? readFileSync(absolute) : undefined;
        if (owner === node) copied[inside] = bytes === undefined ? null : sha256(bytes);
        return bytes;
      },
      async granted() {
        const all = readdirSync(join(root, "projects"), { recursive: true, encoding: "utf8" }).sort();
        const owned = all.map((path) => [path.split("/", 1)[0] ?? "", path] as const);
        return owned.flatMap(([owner, path]) => {
          const seen = owner !== node && !denied.includes(owner) && plainFile(join(root, "projects", path));
          return seen ? [path.replace("/", ":")] : [];
        });
      },
      meshPath: (path) => relative(this.root, locate(path).path),
      base: () => ({ ...base }),
    };
  }

  context(
    source: string,
    changes: Partial<SessionContext> & { role?: string; denied?: readonly string[] } = {},
  ): SessionContext {
    const { role = "sysadmin", denied, ...rest } = changes;
    const memo = parseMemo(source, "memo.md");
    return {
      session: ids.session,
      now,
      node: { id: role, role, path: `projects/${role}`, send: ["*"] },
      memo,
      body: readBody(memo),
      thread: [],
      instructions: "",
      state: "",
      targets: {
        staging: { kind: "local", production: false, path: "/srv/staging", env: [] },
        production: { kind: "local", production: true, path: "/srv/www", env: [] },
      },
      nodes: ["developer", "sysadmin", "writer"]
        .filter((id) => id !== role)
        .map((id) => ({ id, role: id, path: `projects/${id}` })),
      files: this.files(role, denied),
      lessons: [],
      platform: "",
      refusals: [],
      limits: { turns: 20, tokens: 1_000_000, seconds: 60, cost: undefined },
      journal: new TestJournal(),
      workshop: {
        folder: async (kept) => kept ?? mkdtempSync(join(this.root, "workshop-")),
        keep: async () => {},
        kept: async () => undefined,
        audit: join(this.root, ".memomesh/audit"),
        memomesh: ["memomesh"],
        sandbox: { rule: "off", hidden: [this.root] },
      },
      signal: new AbortController().signal,
      progress: () => {},
      ...rest,
    };
  }

  /** A session of the offline agent about a memo. */
  async work(source: string, changes: Parameters<TestMesh["context"]>[1] = {}): Promise<Changeset> {
    const agent = await createAgent("offline", { provider: "offline" });
    return agent.work(this.context(source, changes));
  }
}

function plainFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

interface MemoParts {
  readonly type?: string;
  readonly from?: string;
  readonly to?: string;
  readonly id?: string;
  readonly header?: string;
}

/** A memo from a developer to a sysadmin, as it is delivered. */
export function memo(
  subject: string,
  body: string,
  { type = "deployment", from = "developer", to = "sysadmin", id = ids.memo, header = "" }: MemoParts = {},
): string {
  return `---\nid: ${id}\nfrom: ${from}\nto: ${to}\ndate: ${now}\ntype: ${type}\n${header}---\n# ${subject}\n\n${body}\n`;
}

/** A deployment memo with these facts. */
export function deployment(facts: string, changes: MemoParts & { subject?: string; more?: string } = {}): string {
  const { subject = "Deploy the shop", more = "", ...parts } = changes;
  return memo(subject, `\`\`\`yaml deploy\n${facts}\n\`\`\`\n\n${more}`, parts);
}

/** The memo as it lies in the inbox after a question, and the answer that has arrived. */
export function answered(source: string, question: string, answer: string, from = "developer") {
  const waiting = source.replace("\n---\n", `\nstatus: asked\nquestion: ${question}\n---\n`);
  const reply = parseMemo(
    printMemo({
      id: newId(Date.parse(now)),
      from,
      to: ["sysadmin"],
      type: "answer",
      re: question,
      subject: "Answer",
      body: answer,
    }),
    memoFileName("Answer", now, question),
  );
  return { source: waiting, thread: [reply] };
}

export const questionId = "01KAJ0000000000000000QST01";
