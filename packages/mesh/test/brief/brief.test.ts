import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { readBrief } from "../../src/brief/brief.ts";
import { briefText } from "../../src/brief/brief-text.ts";
import { sendBrief } from "../../src/brief/send-brief.ts";
import { initMesh } from "../../src/init.ts";
import { loadMesh, type Mesh } from "../../src/load.ts";
import { addNode } from "../../src/node.ts";
import { spendingFile } from "../../src/spending.ts";
import { put, temporaryFolder } from "../folder.ts";

const now = new Date("2026-11-21T08:00:00Z");
const since = new Date("2026-11-20T08:00:00Z");
let root: string;
let mesh: Mesh;

beforeEach(async () => {
  root = await temporaryFolder();
  await initMesh(root, { name: "studio", git: true });
  await addNode(await loadMesh(root), "ops", { role: "sysadmin" });
  await addNode(await loadMesh(root), "lead", { role: "project-manager", send: ["ops"] });
  mesh = await loadMesh(root);
});

let count = 0;
function memo(node: string, header: string, subject: string, delivered = "2026-11-21T06:00:00Z"): Promise<string> {
  const id = `01JD8Q5T3ZK3N6V9Y2M4R7AA${String(10 + count++)}`;
  const box = node === "operator" ? "" : `projects/${node}/`;
  const path = `${box}memos/incoming/2026-11-21-x-${id.slice(-5).toLowerCase()}.md`;
  return put(
    root,
    path,
    `---\nid: ${id}\nfrom: operator\nto: ${node}\ndelivered: ${delivered}\n${header}---\n# ${subject}\n`,
  );
}

const read = async () => readBrief(mesh, since, now);

describe("a brief", () => {
  test("says what waits for whom, and since when", async () => {
    await memo("ops", "", "Look at this");
    await memo("operator", "", "Decide this");
    await memo("ops", "status: asked\n", "Unclear");
    await put(root, "projects/ops/runbooks/x-7aaaa.md", "---\ncreated: 2026-11-21T07:00:00Z\n---\n# X\n");
    await memo("ops", "status: prepared\nrunbook: runbooks/x-7aaaa.md\n", "Deploy");
    const { pending } = await read();
    expect(
      pending.map(({ subject, what, whom, stuck, since: from }) => [subject, what, whom, stuck, from.slice(11, 16)]),
    ).toEqual([
      ["Decide this", "work", "you", false, "06:00"],
      ["Unclear", "answer", "you", false, "06:00"],
      ["Look at this", "work", "ops", false, "06:00"],
      ["Deploy", "runbook", "you", false, "07:00"],
    ]);
    expect(pending.find(({ what }) => what === "runbook")?.command).toBe("memomesh review 7aaaa");
  });

  test("waits for the node that was asked", async () => {
    const question = "01JD8Q5T3ZK3N6V9Y2M4R7QQQQ";
    await put(
      root,
      "projects/lead/memos/incoming/2026-11-20-q-7qqqq.md",
      `---\nid: ${question}\nfrom: ops\nto: lead\ndelivered: 2026-11-20T20:00:00Z\n---\n# Which port?\n`,
    );
    await memo("ops", `status: asked\nquestion: ${question}\n`, "Unclear");
    const { pending } = await read();
    expect(pending).toHaveLength(1);
    expect(pending[0]).toMatchObject({
      what: "answer",
      whom: "lead",
      command: "memomesh memo show 7qqqq",
      since: "2026-11-20T20:00:00.000Z",
    });
  });

  test("calls stuck what waits for longer than a day, has failed, or cannot be delivered", async () => {
    await memo("ops", "", "Old", "2026-11-19T06:00:00Z");
    await memo("ops", "status: failed\n", "Failed");
    await put(root, "projects/ops/memos/incoming/broken.md", "---\nto: [\n---\n");
    await put(root, "projects/ops/memos/rejected/y.md", "# Y\n");
    await put(root, "projects/ops/memos/rejected/y.md.reason.md", "# Rejected\n\nNo such node.\n");
    const text = briefText(await read());
    const [, stuck = ""] = text.split("## Stuck");
    expect(stuck).toMatch(/\*\*Old\*\* at ops: to be worked on, waits for ops, since .* \(2 days\)/);
    for (const word of ["Failed", "broken.md cannot be read", "Y: No such node."]) expect(stuck).toContain(word);
    expect(text).not.toContain("## Waits");
  });

  test("says what it cost, since then and this month", async () => {
    const entry = (at: string, cost: number | null) =>
      `${JSON.stringify({ at, node: "ops", agent: "a", memo: "m", session: "s", provider: "p", model: "x", inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, cost })}\n`;
    const file = spendingFile(root, "2026-11");
    await mkdir(join(file, ".."), { recursive: true });
    await put(
      root,
      "memos/spending/2026-11.jsonl",
      entry("2026-11-10T00:00:00Z", 2) + entry("2026-11-21T00:00:00Z", 1) + entry("2026-11-21T00:00:00Z", null),
    );
    expect(briefText(await read())).toMatch(
      /\$1\.00 since then; \$3\.00 in 2026-11, \$4\.\d\d by its end .*; 1 calls of unknown price/,
    );
  });

  test("makes no Markdown and no terminal command of what others have written", async () => {
    await memo("ops", "", "<img src=x> [click](http://evil) \u001b[31m`code` **bold**\u202e");
    const text = briefText(await read());
    expect(text).not.toMatch(/[\u001b\u202e]/);
    expect(text).toContain("\\<img src=x\\> \\[click\\](http://evil)");
  });

  test("says so when nothing waits and nothing has moved", async () => {
    const text = briefText(await readBrief(mesh, now, now));
    expect(text).toContain("Nothing has moved.\n\nNothing waits for anybody.\n\n## Cost\n");
  });

  test("is sent by the operator to the project manager, and by a node to the operator", async () => {
    const operator = mesh.nodes.get("operator")!;
    const lead = mesh.nodes.get("lead")!;
    const sent = await sendBrief(mesh, operator, await read(), undefined);
    expect(sent).toMatchObject({ from: "operator", to: ["lead"] });
    expect(await readFile(sent.path, "utf8")).toMatch(/# Brief of studio, 2026-11-21 \d\d:\d\d\n\nSince /);
    expect(await sendBrief(mesh, lead, await read(), undefined)).toMatchObject({ to: ["operator"] });
    expect(await sendBrief(mesh, lead, await read(), "ops")).toMatchObject({ to: ["ops"] });
    await expect(sendBrief(mesh, lead, await read(), "nobody")).rejects.toThrow("nobody");
  });

  test("names a node that cannot be used", async () => {
    await put(root, "projects/ops/node.yml", "agnet: x\n");
    expect(briefText(await readBrief(await loadMesh(root), since, now))).toMatch(
      /## Nodes that cannot be used\n\n- ops: .*node\.yml:1/,
    );
  });
});
