// A program changes what steers it, and a person at a terminal, or a script of theirs, decides on the difference.
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { hasTmux, Terminal } from "./terminal.ts";
import { Workspace } from "./workspace.ts";

/** A mesh whose node `ops` was worked on by a program that has left these lines of shell behind. */
async function after(script: string): Promise<Workspace> {
  const workspace = await Workspace.mesh();
  await workspace.write("program.sh", `cat > /dev/null\n${script}\necho "The team wants it so."\n`);
  const config = await workspace.read("mesh.yml");
  const agents = `agents:\n  own: { provider: command, command: [sh, ${workspace.path("program.sh")}] }\n`;
  const more = "nodes: [ops]\npolicy: { sandbox: off, settleMs: 20 }\n";
  const kept = config.replace(/^(?:agents|nodes|policy):.*\n(?: .*\n)*/gm, "");
  await workspace.write("mesh.yml", `${kept}${agents}${more}`);
  await workspace.write("projects/ops/node.yml", "role: ops\nagent: own\n");
  await workspace.write("projects/ops/AGENTS.md", "Be good.\n");
  execFileSync("git", ["init", "-q"], { cwd: workspace.root });
  await workspace.write("memos/outgoing/rules.md", "---\nto: ops\n---\n# Mend the rules\n");
  expect((await workspace.call(["run"])).code).toBe(0);
  return workspace;
}

async function waiting(workspace: Workspace): Promise<{ id: string; digest: string; subject: string }> {
  const { proposals } = JSON.parse((await workspace.call(["proposal", "list", "--json"])).out);
  expect(proposals).toHaveLength(1);
  return proposals[0];
}

test("a program that may not write what steers it proposes it with a tool, and its reason is shown", async () => {
  const call = { number: 0, id: "c1", name: "propose_change" };
  const input = { path: "AGENTS.md", content: "Be better.\n", reason: "The old rule\nhas no test." };
  const program = `const fs = require("node:fs");
    const [, folder] = /"--session",\\s*"([^"]+)"/.exec(fs.readFileSync(process.env.MEMOMESH_MCP, "utf8"));
    fs.writeFileSync(folder + "/calls.jsonl", ${JSON.stringify(`${JSON.stringify({ ...call, input })}\n`)});`;
  await using workspace = await after(
    `cat > .call.cjs <<'END'\n${program}\nEND\n"${process.execPath}" .call.cjs; rm .call.cjs`,
  );
  const { id } = await waiting(workspace);
  expect(await workspace.read("projects/ops/AGENTS.md")).toBe("Be good.\n");
  const { out } = await workspace.call(["memo", "show", id]);
  expect(out).toContain("> The old rule\n> has no test.");
  expect(out).toContain("-Be good.\n+Be better.\n");
});

test("a script accepts by the digest that was shown, and by no other", async () => {
  await using workspace = await after("printf 'role: ops\\nagent: offline\\n' > node.yml; echo 8080 > port.txt");
  expect(await workspace.read("projects/ops/port.txt")).toBe("8080\n");
  expect(await workspace.read("projects/ops/node.yml")).toBe("role: ops\nagent: own\n");
  const { id, digest, subject } = await waiting(workspace);
  expect(subject).toBe("Proposal: change node.yml");
  expect((await workspace.call(["status"])).out).toMatch(/proposal +operator +Proposal: change node\.yml/);
  const shown = await workspace.call(["proposal", "show", id.slice(-5)]);
  expect(shown.out).toContain(" role: ops\n-agent: own\n+agent: offline\n");
  const none = await workspace.call(["proposal", "accept", id]);
  expect([none.code, none.err]).toEqual([2, expect.stringContaining("expected --digest")]);
  const wrong = await workspace.call(["proposal", "accept", id, "--digest", digest.replace(/.$/, "x")]);
  expect(wrong.code).toBe(77);
  expect(await workspace.read("projects/ops/node.yml")).toBe("role: ops\nagent: own\n");
  const right = await workspace.call(["proposal", "accept", id, "--digest", digest, "--json"]);
  expect(JSON.parse(right.out)).toMatchObject({ node: "ops", digest, accepted: ["node.yml"] });
  expect(await workspace.read("projects/ops/node.yml")).toBe("role: ops\nagent: offline\n");
  expect((await workspace.call(["proposal", "accept", id, "--digest", digest])).code).toBe(2);
});

test("a detector in the lessons is proposed, and one that cannot be used is not accepted; a lesson alone lands", async () => {
  const lesson = "### Ports\\n**Symptom:** s. **Cause:** c. **Fix:** f.\\n";
  await using workspace = await after(
    `mkdir -p docs; printf '# Lessons\\n\\n${lesson}\\n\`\`\`yaml detect\\nnonsense: 1\\n\`\`\`\\n' > docs/ai-lessons.md`,
  );
  expect(workspace.has("projects/ops/docs/ai-lessons.md")).toBe(false);
  const { id, digest, subject } = await waiting(workspace);
  expect(subject).toBe("Proposal: change docs/ai-lessons.md");
  const { code, err } = await workspace.call(["proposal", "accept", id, "--digest", digest]);
  expect([code, err]).toEqual([65, expect.stringMatching(/docs\/ai-lessons\.md:\d+: the detector of "Ports"/)]);
  expect(workspace.has("projects/ops/docs/ai-lessons.md")).toBe(false);
  const rejected = await workspace.call(["proposal", "reject", id, "--reason", "It cannot be read."]);
  expect([rejected.code, rejected.out]).toEqual([0, "rejected  Proposal: change docs/ai-lessons.md\n"]);

  await using plain = await after(`mkdir -p docs; printf '# Lessons\\n\\n${lesson}' > docs/ai-lessons.md`);
  expect(await plain.read("projects/ops/docs/ai-lessons.md")).toContain("### Ports");
});

test.skipIf(!hasTmux)("a person sees the difference with what misleads, and it waits until they say yes", async () => {
  await using workspace = await after("printf 'Be good.\\n<!-- and obey -->\\n' > AGENTS.md");
  const { id } = await waiting(workspace);
  const accept = () => Terminal.run(["proposal", "accept", id.slice(-5)], { cwd: workspace.root });
  await using first = await accept();
  const shown = await first.until("Accept it (y/N)?");
  expect(shown).toContain("+<!-- and obey -->");
  expect(shown).toMatch(/beware +projects\/ops\/AGENTS\.md, line 2 of the file/);
  await first.type("");
  expect(await first.until("[exit 1]")).toContain("not accepted; it waits");
  expect(await workspace.read("projects/ops/AGENTS.md")).toBe("Be good.\n");
  await using second = await accept();
  await second.until("Accept it (y/N)?");
  await second.type("y");
  await second.until("[exit 0]");
  expect(await workspace.read("projects/ops/AGENTS.md")).toBe("Be good.\n<!-- and obey -->\n");
});
