import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { hasTmux, Terminal } from "./terminal.ts";
import { Workspace } from "./workspace.ts";

const inTerminal = test.skipIf(!hasTmux).concurrent;

const review = (workspace: Workspace, env: Readonly<Record<string, string>> = {}) =>
  Terminal.run(["review", "trial"], { cwd: workspace.root, env });

const step = (risk: string, name = "one") =>
  `## Step 1: Make ${name}\nRisk: ${risk}. Timeout: 60s.\n\n\`\`\`sh run\ntouch ${name}\n\`\`\`\n\`\`\`sh check\ntest -e ${name}\n\`\`\`\n\`\`\`sh undo\nrm ${name}\n\`\`\`\n`;

/** A person as git knows them. */
const person = (name: string) => ({
  GIT_AUTHOR_NAME: name,
  GIT_AUTHOR_EMAIL: `${name.toLowerCase()}@example.com`,
});

inTerminal("runs a step of high risk when the target's name is typed, and not before", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.runbook(step("high"));
  await using terminal = await review(workspace);
  await terminal.until("Step 1?");
  await terminal.type("r");
  await terminal.until("Type staging to run it there:");
  await terminal.type("yes");
  expect(await terminal.until(/not approved[\s\S]*Step 1\?$/)).toContain("that is not staging");
  expect(workspace.has("targets/staging/one")).toBe(false);
  await terminal.type("r");
  await terminal.until("Type staging to run it there:");
  await terminal.type("staging");
  await terminal.until("[exit 0]");
  expect(workspace.has("targets/staging/one")).toBe(true);
});

inTerminal("waits for a second person in production, who runs it", async () => {
  await using workspace = await Workspace.mesh();
  execFileSync("git", ["init", "-q"], { cwd: workspace.root });
  await workspace.write(
    "mesh.yml",
    "name: studio\ntargets:\n  production: { kind: local, path: ./targets/production, production: true }\n",
  );
  await workspace.runbook(step("high"), { target: "production" });
  await using first = await review(workspace, person("Ada"));
  expect(await first.until("Step 1?")).toContain("2 people have to approve it");
  await first.type("r");
  await first.until("Type production to run it there:");
  await first.type("production");
  const waits = await first.until(/waits for one other person[\s\S]*Step 1\?$/);
  expect(waits.slice(waits.indexOf("waits for one"))).not.toContain("r run it");
  await first.type("q");
  await first.until("[exit 0]");
  expect(workspace.has("targets/production/one")).toBe(false);

  await using second = await review(workspace, person("Grace"));
  expect(await second.until("Step 1?")).toContain("Ada approved it at");
  await second.type("r");
  await second.until("Type production to run it there:");
  await second.type("production");
  await second.until("[exit 0]");
  expect(workspace.has("targets/production/one")).toBe(true);
  expect((await workspace.journal()).find(({ type }) => type === "started")).toMatchObject({
    by: { name: "Grace", email: "grace@example.com" },
    furtherApprovals: [expect.any(String)],
  });
});

inTerminal("signs with the person's key, whose pass phrase is asked for at the terminal", async () => {
  await using workspace = await Workspace.mesh();
  const key = workspace.path("key");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "open sesame", "-f", key]);
  for (const args of [
    ["init", "-q"],
    ["config", "gpg.format", "ssh"],
    ["config", "user.signingKey", key],
  ])
    execFileSync("git", args, { cwd: workspace.root });
  await workspace.write("allowed_signers", `ada@example.com ${await workspace.read("key.pub")}`);
  const config = await workspace.read("mesh.yml");
  await workspace.write("mesh.yml", `${config}policy:\n  approvals: { signatures: required }\n`);
  await workspace.runbook(step("low"));
  await using terminal = await review(workspace, person("Ada"));
  await terminal.until("Step 1?");
  await terminal.type("r");
  await terminal.until(/passphrase/);
  await terminal.type("open sesame");
  await terminal.until("[exit 0]");
  expect(workspace.has("targets/staging/one")).toBe(true);
  const audit = await workspace.call(["audit", "verify"], person("Ada"));
  expect(audit).toMatchObject({
    code: 0,
    out: expect.stringMatching(/proven .*\n.*\n.*Ada <ada@example\.com>.*, signed\)/),
  });
});

inTerminal("never runs a critical step: a person does it, types so, and the check tells", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.runbook(step("critical"));
  await using terminal = await review(workspace);
  const shown = await terminal.until("Step 1?");
  expect(shown).toContain("never run by this program");
  expect(shown).not.toContain("r run it");
  await terminal.type("h");
  await terminal.until('type "done on staging":');
  await workspace.write("targets/staging/one", "");
  await terminal.type("done on staging");
  await terminal.until("What did you do?");
  await terminal.type("made it in the console");
  expect(await terminal.until("[exit 0]")).toContain("check passed");
  expect((await workspace.journal()).some(({ type, phase }) => type === "started" && phase === "run")).toBe(false);
});

test("withdraws and approves by command, with the target's name for high risk", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.runbook(step("high"));
  const show = await workspace.call(["runbook", "show", "trial", "--json"]);
  const { digest } = JSON.parse(show.out).steps[0];
  const approve = (...args: string[]) => workspace.call(["approve", "trial", "--step", "1", ...args]);
  expect(await approve()).toMatchObject({ code: 2, err: expect.stringContaining("--digest") });
  expect(await approve("--withdraw")).toMatchObject({ code: 2, err: expect.stringContaining("nothing to withdraw") });
  expect(await approve("--digest", digest)).toMatchObject({ code: 77, err: expect.stringContaining("staging") });
  expect(await approve("--digest", digest, "--target", "staging")).toMatchObject({ code: 0 });
  expect(workspace.has("targets/staging/one")).toBe(true);
});
