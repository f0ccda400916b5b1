// Stages, questions and one-word commands as a person types them, with the offline agent.
import { execFile } from "node:child_process";
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Call, main, memomesh, temporaryFolder } from "./program.ts";

const templates = join(import.meta.dirname, "../../../templates");
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let cwd: string;
const call = (...args: string[]) => memomesh(args, { cwd });

beforeAll(async () => {
  folder = await temporaryFolder();
  cwd = join(folder.path, "studio");
  await memomesh(["init", "studio"], { cwd: folder.path });
  await call("node", "add", "ops", "--role", "sysadmin");
  await appendFile(join(cwd, "mesh.yml"), "gate: { threshold: 95 }\n");
});
afterAll(() => folder[Symbol.asyncDispose]());

describe("a stage with the offline agent", () => {
  test("begins with stages to be changed, which are never overwritten", async () => {
    expect(await call("stage", "list")).toMatchObject({ code: 2, err: expect.stringContaining("memomesh stage init") });
    expect(await call("stage", "init")).toMatchObject({ code: 0, out: expect.stringContaining("created") });
    const list = join(cwd, "inventories/main/stages.yml");
    await appendFile(list, "# ours\n");
    expect((await call("stage", "init", "main")).out).toContain("kept");
    expect(await readFile(list, "utf8")).toMatch(/# ours\n$/);
    expect(await call("stage", "init", "../x")).toMatchObject({
      code: 2,
      err: expect.stringContaining("expected a name"),
    });
  });

  test("is listed by layer, and next is what waits for nothing", async () => {
    const { out } = await call("stage", "list");
    expect(out).toContain(
      "Layer 1 (Foundation): 0 of 1 complete, 0 %\n  1-1-reverse-proxy  planned  high  Reverse proxy\n",
    );
    expect(out).toContain("2-1-notes  planned    Notes  waits for 1-1-reverse-proxy");
    expect((await call("stage", "next", "--id")).out).toBe("1-1-reverse-proxy\n");
  });

  test("gets as far as it honestly can: by rule, below the gate, and a person mends it", async () => {
    expect(await call("stage", "implement", "1-1")).toMatchObject({
      code: 1,
      err: expect.stringContaining("it has no plan yet"),
    });
    const planned = await call("stage", "next", "--go");
    expect(planned.code).toBe(0);
    expect(planned.out).toContain("1-1-reverse-proxy is designed.");
    expect(await readFile(join(cwd, "projects/ops/docs/plans/main-1-1-reverse-proxy.md"), "utf8")).toContain(
      "no model was asked",
    );
    const built = await call("stage", "implement", "1-1");
    expect(built.code).toBe(1);
    expect(built.out).toContain("+    image: caddy:2.8.4");
    expect(built.out).toMatch(/below {2}gate \d+ of 100, 95 are needed/);
    expect(built.out).toContain("The offline agent improves nothing");
    expect((await call("stage", "complete", "1-1")).err).toMatch(
      /has not passed the gate.*; it is not documented: projects\/ops\/docs\/stages/,
    );
    await mkdir(join(cwd, "projects/ops/docs/stages"), { recursive: true });
    await writeFile(
      join(cwd, "projects/ops/docs/stages/1-1-reverse-proxy.md"),
      "# Reverse proxy\nCaddy in one Compose service, services/proxy/compose.yaml.\n- availability: it comes back by itself after a restart of the machine.\n- security: it listens on the loopback interface only.\n",
    );
    expect(await call("stage", "improve", "1-1")).toMatchObject({
      code: 0,
      out: expect.stringContaining("1-1-reverse-proxy is gated."),
    });
  }, 120_000);

  test("is complete without an executed runbook only with a reason and a name, and then the next one can begin", async () => {
    expect(await call("stage", "complete", "1-1")).toMatchObject({
      code: 1,
      err: expect.stringContaining("its runbook was not executed"),
    });
    const done = await call("stage", "complete", "1-1", "--waive", "started by hand on Friday");
    expect(done.out).toContain("without an executed runbook: started by hand on Friday (Ada)");
    expect((await call("stage", "next", "--id")).out).toBe("2-1-notes\n");
    const { out } = await call("stage", "why", "1-1");
    expect(out).toContain("declared in inventories/main/stages.yml:8");
    expect(out).toMatch(/gated → complete, Ada\. Complete without an executed runbook: started by hand on Friday/);
    expect(JSON.parse((await call("stage", "status", "1-1", "--json")).out).record.waiver).toEqual({
      by: "Ada",
      why: "started by hand on Friday",
    });
  });

  test("without a model nobody decides what stages.yml leaves open", async () => {
    expect(await call("stage", "plan", "2-1")).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /2-1-notes needs an architect.*write projects\/ops\/docs\/plans\/main-2-1-notes\.json yourself/,
      ),
    });
  });

  test("says what is wrong with a reference", async () => {
    expect(await call("stage", "status", "9-9")).toMatchObject({
      code: 2,
      err: expect.stringContaining('no stage "9-9"'),
    });
    expect(await call("stage", "list", "--inventory", "lab")).toMatchObject({
      code: 2,
      err: expect.stringContaining("there are main"),
    });
  });
});

describe("memomesh ask and chat", () => {
  test("the offline agent says honestly what it cannot do, and the answer closes the request", async () => {
    const asked = await call("ask", "deploy", "vLLM", "for", "throughput");
    expect(asked.code).toBe(0);
    expect(asked.out).toContain("ops asks back\n");
    expect(asked.out).toContain("the offline agent of a sysadmin does not work on this");
    expect(asked.err).toContain("asks the operator");
    const answered = await call("ask", "--continue", "Leave it.", "--json");
    expect(JSON.parse(answered.out)).toMatchObject({ standing: "done", node: "ops" });
  });

  test("what comes through a pipe is said line by line, and the end of it ends the chat", async () => {
    const { code, out } = await memomesh(["chat"], {
      cwd,
      input: "Tidy up web 1.2.0 \\\non staging\n\nversion: 1.2.0",
    });
    expect(code).toBe(0);
    expect(out.match(/^ops (?:asks back|answers)$/gm)).toEqual(["ops asks back", "ops answers"]);
    expect(out).toContain("The operator decided: `version: 1.2.0`");
    expect((await memomesh(["chat"], { cwd, input: "" })).code).toBe(0);
  });

  test("refuses to ask nothing, or a node in which nobody works", async () => {
    expect(await memomesh(["ask", "-"], { cwd, input: " \n" })).toMatchObject({
      code: 2,
      err: expect.stringContaining("there is nothing to ask"),
    });
    expect(await call("ask", "--node", "operator", "help")).toMatchObject({
      code: 2,
      err: expect.stringContaining("no agent works in operator"),
    });
  });
});

test("memomesh check says what is in order, and what is missing with exit 1", async () => {
  const { code, out } = await call("check");
  expect(code).toBe(0);
  expect(out).toMatch(/^mind {5}hooks .*memomesh hooks install/m);
  expect(out).toMatch(/^ready {4}budget {9}the offline agent is free$/m);
  await writeFile(join(cwd, "docs/ai-lessons.md"), "### Broken\n**Symptom:** x\n\n```yaml detect\npattern: [\n```\n");
  const broken = await call("check", "--json");
  expect(broken.code).toBe(1);
  expect(JSON.parse(broken.out).checks.find(({ name }: { name: string }) => name === "lessons").state).toBe("missing");
});

describe("templates/Makefile", () => {
  const make = (...args: string[]): Promise<Call> =>
    new Promise((resolve) => {
      const bin = dirname(process.execPath);
      const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, MAKEFLAGS: "" };
      const words = ["-f", join(templates, "Makefile"), "--no-print-directory", ...args];
      execFile("make", words, { cwd, env }, (error, out, err) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err }),
      );
    });
  const real = `MEMOMESH=${process.execPath} ${main}`;
  /** Prints what it was called with, one argument a line. */
  const shown = "MEMOMESH=printf '%s\\n'";

  test.each([
    [["ai-check"], ["check"]],
    [
      ["claude", "PROMPT=deploy it"],
      ["ask", "--node", "sysadmin", "--", "deploy it"],
    ],
    [
      ["gemini", "PROMPT=a", "GEMINI_NODE=ops"],
      ["ask", "--node", "ops", "--", "a"],
    ],
    [
      ["gpt", "PROMPT=a"],
      ["ask", "--node", "sysadmin", "--", "a"],
    ],
    [
      ["local", "PROMPT=a"],
      ["ask", "--node", "sysadmin", "--", "a"],
    ],
    [["claude-deploy-next"], ["stage", "next", "--go"]],
    [
      ["implement", "STAGE_ID=1-1-x"],
      ["stage", "implement", "--", "1-1-x"],
    ],
    [
      ["improve", "STAGE_ID=1-1-x"],
      ["stage", "improve", "--", "1-1-x"],
    ],
    [
      ["complete", "STAGE_ID=1-1-x"],
      ["stage", "complete", "--", "1-1-x"],
    ],
    [["review"], ["review"]],
  ])("make %j is one call", async (words, expected) => {
    const { out, code } = await make(...words, shown);
    expect([code, out.trimEnd().split("\n")]).toEqual([0, expected]);
  });

  test("hands over what was typed, whatever it holds", async () => {
    const prompt = `it's "5 $"; $(touch pwned) \`id\` $HOME`;
    const { out } = await make("ask", `PROMPT=${prompt}`, shown);
    expect(out.trimEnd().split("\n")).toEqual(["ask", "--", prompt]);
  });

  test("calls the real program", async () => {
    expect((await make("stages", real)).out).toContain("2-1-notes");
    expect(await make("implement", "STAGE_ID=2-1", real)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/2-1-notes (?:is planned: it has no plan yet|stands on)/),
    });
    expect((await make()).out).toMatch(/^claude {2}PROMPT="…"/m);
  });
});

describe("the facts about the platform", () => {
  test("a plan that needs more than the facts know of is taken, and told", async () => {
    const plan = {
      title: "Notes",
      summary: "Notes.",
      requirements: [{ text: "notes", met_by: "notes" }],
      strategy: { what: "A container", why: "small", steps: ["Start it"] },
      alternatives: [],
      risks: [{ text: "none", likelihood: "low", impact: "low", response: "none" }],
      unknowns: [],
      needs: { memory: "9Gi" },
      cost: { estimate: "9 GiB", basis: "guessed" },
      rollback: { how: "Stop it.", until: "Always." },
    };
    const at = new Date().toISOString();
    const figures = '<!-- figures: {"memory":{"free":8589934592,"total":17179869184}} -->';
    const fact = `### memory\nCollected: ${at} on here. Holds for 1h (3600 s).\n${figures}\n\n    8 GiB\n`;
    const marks = [
      "<!-- facts: written by `memomesh facts refresh`; edits up to the end mark are lost -->",
      "<!-- facts: end -->",
    ];
    const config = await readFile(join(cwd, "mesh.yml"), "utf8");
    await writeFile(join(cwd, "mesh.yml"), `${config.trimEnd()}\nfacts: { memory: { command: free -b } }\n`);
    await writeFile(join(cwd, "docs/platform-reference.md"), `${marks[0]}\n\n${fact}\n\n${marks[1]}\n`);
    await mkdir(join(cwd, "projects/ops/docs/plans"), { recursive: true });
    await writeFile(join(cwd, "projects/ops/docs/plans/main-2-1-notes.json"), JSON.stringify(plan));
    const { code, out } = await call("stage", "plan", "2-1");
    expect(out).toContain("does not fit  the plan needs 9 GiB of memory, and this machine has 8 GiB of memory free");
    expect(code).toBe(0);
  });
});
