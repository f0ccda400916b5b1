// What a person finds, asks and counts: search, why, brief, report.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { makeStudio, memomesh, type Studio } from "./program.ts";

let studio: Studio;
let cwd: string;
let call: Studio["call"];
let put: Studio["put"];

beforeAll(async () => {
  studio = await makeStudio();
  ({ cwd, call, put } = studio);
  await put("projects/ops/compose.yml", 'services:\n  web:\n    ports: ["8080:80"]\n');
  await memomesh(["memo", "send", "--to", "ops", "-"], {
    cwd,
    input: "# Open port 8080\n\n- [ ] Look after the zebra\n",
  });
  await memomesh(["memo", "send", "--to", "ops", "-"], { cwd, input: "# A \u001b[31mred\u202e walrus\n" });
  await call("run");
});
afterAll(() => studio.remove());

describe("memomesh search", () => {
  test("shows where words stand, with the place and what it is", async () => {
    const { out, code } = await call("search", "zebra", "from:operator");
    expect(code).toBe(0);
    expect(out).toMatch(
      /^Open port 8080\n {2}\S+ \S+ {2}memo {2}operator to ops {2}\w{5}\n {2}.*zebra.*\n {2}projects\/ops\/memos\/\S+\.md$/m,
    );
    const { hits } = JSON.parse((await call("search", "type:memo", "zebra", "--json")).out);
    expect(hits).toMatchObject([{ kind: "memo", node: "ops", from: "operator", path: expect.stringContaining(cwd) }]);
    expect(hits[0].snippet).toContainEqual({ text: "zebra", found: true });
  });

  test("prints nothing that a terminal could obey", async () => {
    const { out } = await call("search", "walrus");
    expect(out).toContain("‹U+202E›");
    expect(out).not.toMatch(/[\u001b\u0001\u0002\u202e]/);
  });

  test.each([['"'], ["NEAR(a"], ["a*^"], ["title:x OR -y"], ["after:lunch"], ["from:"]])(
    "takes %s for a question",
    async (text) => {
      expect(await call("search", "--", text)).toMatchObject({ code: 0 });
    },
  );

  test("says so when nothing fits", async () => {
    expect(await call("search", "unicorn")).toMatchObject({
      code: 0,
      out: "",
      err: expect.stringContaining("Nothing fits"),
    });
  });
});

describe("memomesh why", () => {
  test("answers why a port is open, from the files and from the archive", async () => {
    const { out, code } = await call("why", "port", "8080");
    expect(code).toBe(0);
    expect(out).toMatch(/^port 8080\n {2}projects\/ops\/compose\.yml:3 {2}ports: \["8080:80"\]\n/);
    expect(out).toContain("projects/ops/compose.yml:3 is in no commit");
    expect(out).toMatch(
      /\nAsked\n {2}.* {2}operator wrote to ops: Open port 8080, now \w+\n {4}memomesh memo show \w{5}\n/,
    );
    expect(JSON.parse((await call("why", "8080", "--json")).out)).toMatchObject({
      kind: "port",
      memos: [{ from: "operator" }],
    });
  });

  test("answers for a published port who asked for it, who prepared it and what became of it, also in words", async () => {
    const asking = await makeStudio();
    onTestFinished(() => asking.remove());
    await asking.call("node", "add", "desk", "--role", "sysadmin");
    const input = `---\nto: desk\n---\n# Deploy shop 1.4.2 to staging\n\nPartners reach the API from outside.\n\n\`\`\`yaml deploy\napp: shop\nversion: 1.4.2\ntarget: staging\nartifact: { kind: image, image: "ghcr.io/acme/shop:1.4.2" }\nport: 8443\n\`\`\`\n`;
    await memomesh(["memo", "send", "-"], { cwd: asking.cwd, input });
    await asking.call("run");
    const file = "projects/desk/services/shop/compose.yaml";
    const lines = (await readFile(join(asking.cwd, file), "utf8")).split("\n");
    const port = lines.findIndex((line) => line.includes("8443:8443")) + 1;
    const { out, code } = await asking.call("why", `${file}:${port}`);
    expect(code).toBe(0);
    expect(out).toMatch(
      /operator wrote to desk: Deploy shop 1\.4\.2 to staging, now prepared\n {4}Partners reach the API from outside\.\n/,
    );
    expect(out).toMatch(/Prepare "Deploy shop 1\.4\.2 to staging", by agent offline {2}[0-9a-f]{9}\n/);
    expect(out).toMatch(/Deploy shop 1\.4\.2 to staging at staging: waiting; gate \d+ of 100\n/);
    expect((await asking.call("why", "why is port 8443 open?")).out).toContain("Partners reach the API from outside.");
    const answer = await asking.call("ask", "--node", "desk", "why is port 8443 open?");
    expect(answer.code).toBe(0);
    expect(answer.out).toMatch(/^desk answers$/m);
    expect(answer.out).toMatch(/operator wrote to desk: `Deploy shop 1\.4\.2 to staging`.*Partners reach the API/);
  });

  test("says what it does not know, and what to do", async () => {
    expect(await call("why", "nothing-like-this")).toMatchObject({
      code: 2,
      err: expect.stringContaining("memomesh search"),
    });
  });
});

describe("memomesh brief", () => {
  test("prints one page, and sends it as a memo", async () => {
    const { out } = await call("brief");
    expect(out).toMatch(/^# Brief of studio, [\d-]+ [\d:]+\n\nSince /);
    expect(out).toContain("\n**ops**\n");
    expect(out).not.toMatch(/[\u001b\u202e]/);
    expect(await call("brief", "--memo")).toMatchObject({ code: 2, err: expect.stringContaining("project-manager") });
    expect(await call("brief", "--memo", "ops")).toMatchObject({
      code: 0,
      out: expect.stringContaining("from operator to ops"),
    });
  });
});

describe("memomesh report", () => {
  test("prints figures, and writes them as a page", async () => {
    const { out, code } = await call("report");
    expect([code, out]).toEqual([0, expect.stringMatching(/^studio\n {2}memo to executed, median +\S/)]);
    expect(JSON.parse((await call("report", "--json")).out)).toMatchObject({
      mesh: "studio",
      byNode: [{ node: "operator" }, { node: "ops" }],
    });
    expect((await call("report", "--html", "r.html")).out).toBe("written  r.html\n");
    expect(await readFile(join(cwd, "r.html"), "utf8")).toMatch(/^<!doctype html>/);
  });
});
