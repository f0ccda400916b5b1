import { appendFileSync, mkdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readQuery, SearchIndex } from "../../src/index.ts";

let root: string;
let open: SearchIndex[];
const now = Date.parse("2026-11-21T12:00:00Z");
const database = () => join(root, ".memomesh", "index.db");

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "memomesh-index-")));
  open = [];
});
afterEach(async () => {
  for (const index of open) index.close();
  await rm(root, { recursive: true, force: true });
});

function put(path: string, content: string, written = "2026-11-01T00:00:00Z"): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  utimesSync(file, new Date(written), new Date(written));
  return file;
}

function memo(path: string, header: string, subject: string, body = ""): string {
  return put(path, `---\nid: 01JD8Q5T3ZK3N6V9Y2M4R7AAAA\n${header}---\n# ${subject}\n\n${body}\n`);
}

/** As a new process would. */
function opened(): SearchIndex {
  const index = new SearchIndex(root, [
    { id: "operator", folder: root },
    { id: "ops", folder: join(root, "projects/ops") },
  ]);
  open.push(index);
  return index;
}

async function ask(text: string, index = opened(), limit = 10) {
  return index.search(readQuery(text, now), { limit, now });
}

async function titles(text: string, index?: SearchIndex): Promise<string[]> {
  const { hits } = await ask(text, index);
  return hits.map(({ title }) => title.map((piece) => piece.text).join(""));
}

const archived = "projects/ops/memos/archived/2026/10";

describe("a search", () => {
  test("finds memos of all boxes, runbooks, records, opinions, lessons, plans, states and references", async () => {
    const kinds = {
      "projects/ops/memos/incoming/a.md": "memo",
      "projects/ops/memos/outgoing/b.md": "memo",
      "projects/ops/memos/rejected/c.md": "memo",
      [`${archived}/d.md`]: "memo",
      "projects/ops/runbooks/deploy.md": "runbook",
      "projects/ops/runbooks/deploy.record.md": "record",
      "projects/ops/runbooks/deploy.review.md": "opinion",
      "projects/ops/docs/plans/proxy.json": "plan",
      "projects/ops/STATE.md": "state",
      "projects/ops/docs/progress/2026-10.md": "state",
      "docs/platform-reference.md": "reference",
      "inventories/lab/stages.yml": "stages",
      "inventories/lab/state/1-1-proxy.md": "stages",
    };
    for (const path of Object.keys(kinds)) put(path, "# Zebra\n");
    put("docs/ai-lessons.md", "# Lessons\n\n### Stripes\n**Symptom:** a zebra\n\n### Other\n**Symptom:** a horse\n");
    for (const path of ["projects/ops/memos/rejected/c.md.reason.md", "projects/ops/memos/incoming/.d.md.tmp"])
      put(path, "zebra\n");
    const { hits, total } = await ask("zebra", opened(), 50);
    expect(Object.fromEntries(hits.map(({ path, kind }) => [path, kind]))).toEqual({
      ...kinds,
      "docs/ai-lessons.md": "lesson",
    });
    expect(total).toBe(14);
    expect(hits.find(({ kind }) => kind === "lesson")).toMatchObject({ node: "operator", line: 3 });
  });

  test("marks what it has found, also in another form of the word", async () => {
    memo(`${archived}/a.md`, "from: shop\nto: ops\n", "Deploying shop", "We shall deploy the shop on port 8080.");
    const { hits } = await ask("deploy");
    expect(hits[0]?.title).toEqual([
      { text: "Deploying", found: true },
      { text: " shop", found: false },
    ]);
    expect(hits[0]?.snippet.filter(({ found }) => found)).toEqual([{ text: "deploy", found: true }]);
    expect(hits[0]).toMatchObject({ from: "shop", to: "ops", memo: "01JD8Q5T3ZK3N6V9Y2M4R7AAAA" });
  });

  test("filters by sender, recipient, node, type, box and date", async () => {
    memo(`${archived}/a.md`, "from: shop\nto: [ops, other]\ntype: alert\ndate: 2026-10-01T10:00:00Z\n", "One fire");
    memo(`${archived}/b.md`, "from: ops-two\nto: ops\ndate: 2026-10-05T10:00:00Z\n", "Two fire");
    memo("memos/incoming/c.md", "from: ops\nto: operator\ndate: 2026-10-09T10:00:00Z\n", "Three fire");
    const index = opened();
    expect(await titles("fire from:shop", index)).toEqual(["One fire"]);
    expect(await titles("from:ops", index)).toEqual(["Three fire"]);
    expect(await titles("fire to:other", index)).toEqual(["One fire"]);
    expect(await titles("type:alert", index)).toEqual(["One fire"]);
    expect(await titles("node:operator type:memo", index)).toEqual(["Three fire"]);
    expect(await titles("box:archived", index)).toEqual(["Two fire", "One fire"]);
    expect(await titles("fire after:2026-10-02 before:2026-10-08", index)).toEqual(["Two fire"]);
    expect(await titles("before:2026-10-05T09:59:00Z", index)).toEqual(["One fire"]);
    expect(await titles("from:shop from:ops type:memo", index)).toEqual(["Three fire", "One fire"]);
  });

  test("puts titles before bodies, and of equals the newer first", async () => {
    memo(`${archived}/a.md`, "to: ops\ndate: 2020-01-01T10:00:00Z\n", "Proxy");
    memo(`${archived}/b.md`, "to: ops\ndate: 2026-11-20T10:00:00Z\n", "Proxy ");
    memo(`${archived}/c.md`, "to: ops\ndate: 2026-11-20T11:00:00Z\n", "Other", "A long story with a proxy in it.");
    const { hits } = await ask("proxy");
    expect(hits.map(({ path }) => path.at(-4))).toEqual(["b", "a", "c"]);
  });

  test("shows what has some of the words when nothing has all, and says so", async () => {
    memo(`${archived}/a.md`, "to: ops\n", "Proxy");
    expect(await ask("proxy unicorn")).toMatchObject({ partial: true, total: 1 });
    expect(await ask("unicorn dragon")).toMatchObject({ partial: false, total: 0 });
  });

  test("takes any text for a question", async () => {
    memo(`${archived}/a.md`, "to: ops\n", "Proxy");
    const index = opened();
    const tricky = fc.constantFrom(
      '"',
      "'",
      "*",
      "NEAR(",
      "AND",
      "NOT",
      "^",
      "{title}:",
      ":",
      "-",
      "(",
      ")",
      "\0",
      "from:",
      "after:",
      "😀",
      "ß",
    );
    const anything = fc.array(fc.oneof(tricky, fc.string({ unit: "binary" })), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(anything, async (parts) => {
        await ask(parts.join(" "), index);
        await ask(parts.join(""), index);
      }),
      { numRuns: 60 },
    );
    expect(await titles("proxy", index)).toEqual(["Proxy"]);
  });

  test("finds a memo whose header cannot be read by its words", async () => {
    put("projects/ops/memos/rejected/odd.md", "---\nto: [\n---\nA walrus\n");
    expect(await titles("walrus")).toEqual(["odd.md"]);
  });
});

describe("the index", () => {
  test("follows files that come, change and go", async () => {
    const first = memo(`${archived}/a.md`, "to: ops\n", "Alpha");
    const index = opened();
    expect(await titles("alpha", index)).toEqual(["Alpha"]);
    memo("projects/ops/memos/incoming/b.md", "to: ops\n", "Beta");
    put("docs/ai-lessons.md", "### Gamma\n**Symptom:** x\n");
    expect([await titles("beta", index), await titles("gamma", index)]).toEqual([["Beta"], ["Gamma"]]);
    put("docs/ai-lessons.md", "### Delta\n**Symptom:** xy\n");
    expect([await titles("gamma", index), await titles("delta", index)]).toEqual([[], ["Delta"]]);
    rmSync(first);
    expect(await titles("alpha", index)).toEqual([]);
    rmSync(join(root, "projects/ops"), { recursive: true });
    mkdirSync(join(root, "projects/ops"), { recursive: true });
    expect(await titles("beta", index)).toEqual([]);
  });

  test("never shows what an archived memo does not say any more", async () => {
    const file = memo(`${archived}/a.md`, "to: ops\n", "Alpha", "one");
    utimesSync(dirname(file), new Date(0), new Date(1e12));
    const index = opened();
    expect(await titles("one", index)).toEqual(["Alpha"]);
    // Edited where it lies: its folder stays as it was.
    appendFileSync(file, "two\n");
    expect((await ask("one", index)).hits[0]?.snippet.map(({ text }) => text).join("")).toContain("one two");
  });

  test("is read from the disk by the next process, and made anew when it was deleted", async () => {
    memo(`${archived}/a.md`, "to: ops\n", "Alpha");
    expect(await titles("alpha")).toEqual(["Alpha"]);
    const { ino } = statSync(database());
    expect(await titles("alpha")).toEqual(["Alpha"]);
    expect(statSync(database()).ino).toBe(ino);
    rmSync(join(root, ".memomesh"), { recursive: true });
    expect(await titles("alpha")).toEqual(["Alpha"]);
  });

  const breakages: Record<string, () => void> = {
    "no database": () => writeFileSync(database(), "not a database at all, but long enough to look at".repeat(50)),
    empty: () => writeFileSync(database(), ""),
    "of another version": () => run("pragma user_version = 99"),
    "without its tables": () => run("drop table entries"),
    "without its words": () => run("drop table words"),
    "damaged in the middle": () => {
      run("pragma journal_mode = delete");
      const { size } = statSync(database());
      writeFileSync(database(), Buffer.alloc(size - 4096, 0x5a), { flag: "r+" });
    },
    "a symbolic link": () => {
      rmSync(database());
      symlinkSync("/etc/hostname", database());
    },
    "a folder": () => {
      rmSync(database());
      mkdirSync(database());
    },
  };

  function run(sql: string): void {
    const direct = new DatabaseSync(database());
    direct.exec(sql);
    direct.close();
  }

  test.each(Object.keys(breakages))("is made anew when it is %s", async (name) => {
    memo(`${archived}/a.md`, "to: ops\n", "Alpha");
    await ask("alpha");
    for (const index of open.splice(0)) index.close();
    breakages[name]?.();
    expect(await titles("alpha")).toEqual(["Alpha"]);
  });

  test("is shared by several processes at once", async () => {
    for (let count = 0; count < 30; count += 1) memo(`${archived}/${count}.md`, "to: ops\n", `Alpha ${count}`);
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask("alpha")));
    expect(answers.map(({ total }) => total)).toEqual([30, 30, 30, 30]);
  });

  test("follows no links out of the mesh", async () => {
    const secret = put("secret.txt", "# Narwhal\n");
    mkdirSync(join(root, archived), { recursive: true });
    symlinkSync(secret, join(root, archived, "a.md"));
    expect(await titles("narwhal")).toEqual([]);
  });
});
