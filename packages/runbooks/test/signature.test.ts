import { execFileSync } from "node:child_process";
import { appendFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { approveStep, endReview, type Person, runStep, type Signatures } from "../src/index.ts";
import { ada, grace, makeWorkspace, target, type Workspace } from "./workspace.ts";

let workspace: Workspace;
let allowedSigners: string;

beforeEach(async () => {
  workspace = await makeWorkspace();
  allowedSigners = join(workspace.meshRoot, "allowed_signers");
  await workspace.write([{ run: "touch ran" }]);
});

/** Makes a key, and lets it stand for these addresses. */
async function keyOf(name: string, principals?: string): Promise<string> {
  const key = join(workspace.meshRoot, name);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  const line = `${principals} namespaces="memomesh-approval" ${await readFile(`${key}.pub`, "utf8")}`;
  if (principals !== undefined) await appendFile(allowedSigners, line);
  return key;
}

function signed(key: string | undefined, required = true): { signatures: Signatures } {
  return { signatures: { required, allowedSigners, key } };
}

async function approve(by: Person, key: string | undefined, required = true) {
  return approveStep(await workspace.open(signed(key, required)), 1, { by, how: "terminal", target: "staging" });
}

async function run(required = true) {
  const review = await workspace.review({}, signed(undefined, required));
  return runStep(review, 1).finally(() => endReview(review));
}

describe("in a mesh that requires signatures", () => {
  test("an approval signed by the person in whose name it is given counts", async () => {
    const approval = await approve(ada, await keyOf("ada", ada.email));
    expect(approval.signature).toContain("BEGIN SSH SIGNATURE");
    expect(await run()).toMatchObject({ state: { state: "done" } });
  });

  test.each<[string, () => Promise<string | undefined>, RegExp]>([
    ["without a key", async () => undefined, /git config user\.signingKey/],
    ["with a key that nobody knows", () => keyOf("nobody"), /is not in .*allowed_signers/],
    ["with the key of somebody else", () => keyOf("grace", grace.email), /is signed by grace@example\.com/],
    ["with a key that stands for anybody", () => keyOf("all", "*@example.com"), /one address a key/],
    ["with a key that two people share", () => keyOf("both", `${ada.email},${grace.email}`), /one address a key/],
  ])("an approval %s is refused", async (_, makeKey, says) => {
    await keyOf("other", "other@example.com");
    const code = "approval.unsigned";
    await expect(approve(ada, await makeKey())).rejects.toMatchObject({
      code,
      exit: 77,
      sentence: expect.stringMatching(says),
    });
    expect(await readdir(workspace.meshRoot)).not.toContain(".memomesh");
  });

  test("an approval that was changed after it was signed does not count", async () => {
    const approval = await approve(ada, await keyOf("ada", ada.email));
    const folder = join(workspace.meshRoot, ".memomesh/approvals");
    const [name = ""] = (await readdir(folder)).filter((each) => each.endsWith(".json"));
    await writeFile(join(folder, name), JSON.stringify({ ...approval, at: new Date().toISOString() }));
    await expect(run()).rejects.toMatchObject({ code: "approval.unsigned" });
    expect(await readdir(workspace.site)).toEqual([]);
  });

  test("an approval from before it did does not count", async () => {
    await approve(ada, undefined, false);
    await keyOf("ada", ada.email);
    await expect(run()).rejects.toMatchObject({
      code: "approval.unsigned",
      sentence: expect.stringContaining("is not signed"),
    });
  });

  test("a key that was revoked since voids it", async () => {
    const revokedKeys = join(workspace.meshRoot, "revoked_keys");
    await writeFile(revokedKeys, "");
    const key = await keyOf("ada", ada.email);
    const signatures = { required: true, allowedSigners, revokedKeys, key };
    await approveStep(await workspace.open({ signatures }), 1, { by: ada, how: "terminal", target: "staging" });
    await writeFile(revokedKeys, await readFile(`${key}.pub`));
    const review = await workspace.review({}, { signatures });
    await expect(runStep(review, 1)).rejects.toMatchObject({ code: "approval.unsigned" });
    await endReview(review);
  });

  test("one key does not make two people", async () => {
    await workspace.write([{ attributes: "Risk: high.", run: "touch ran" }]);
    const targets = { staging: target(workspace.site, { production: true }) };
    const key = await keyOf("ada", ada.email);
    await appendFile(allowedSigners, `${grace.email} ${await readFile(`${key}.pub`, "utf8")}`);
    const decide = async (by: Person) => {
      const reviewed = await workspace.open({ ...signed(key), targets });
      return approveStep(reviewed, 1, { by, how: "terminal", target: "staging" });
    };
    expect(await decide(ada)).toMatchObject({ missing: 1 });
    await expect(decide(grace)).rejects.toMatchObject({ code: "approval.unsigned" });
  });
});

describe("a key that only an ssh-agent holds", () => {
  /** Starts an agent for the test; the key's file is gone then. */
  async function agentWith(key: string): Promise<string> {
    const socket = join(workspace.meshRoot, "agent");
    const started = execFileSync("ssh-agent", ["-s", "-a", socket], { encoding: "utf8" });
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(started)?.[1]);
    onTestFinished(() => void process.kill(pid));
    vi.stubEnv("SSH_AUTH_SOCK", socket);
    onTestFinished(() => void vi.unstubAllEnvs());
    execFileSync("ssh-add", ["-q", key], { stdio: "ignore" });
    const literal = `key::${(await readFile(`${key}.pub`, "utf8")).trim()}`;
    await Promise.all([rm(key), rm(`${key}.pub`)]);
    return literal;
  }

  test("signs, given as git has it", async () => {
    const literal = await agentWith(await keyOf("ada", ada.email));
    expect((await approve(ada, literal)).signature).toContain("BEGIN SSH SIGNATURE");
    expect(await run()).toMatchObject({ state: { state: "done" } });
  });

  test("signs nothing when the agent does not hold it", async () => {
    await agentWith(await keyOf("ada", ada.email));
    const other = await readFile(`${await keyOf("ada-2", ada.email)}.pub`, "utf8");
    await expect(approve(ada, `key::${other}`)).rejects.toMatchObject({
      code: "approval.unsigned",
      sentence: expect.stringMatching(/no ssh-agent signed with ssh-ed25519 AAAA.*`ssh-add -L`/),
    });
  });

  test("is no path of a file, whatever it says", async () => {
    const key = await keyOf("ada", ada.email);
    vi.stubEnv("SSH_AUTH_SOCK", undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(approve(ada, `key::${key}`)).rejects.toMatchObject({
      code: "approval.unsigned",
      sentence: expect.stringContaining("SSH_AUTH_SOCK"),
    });
  });
});

test("where signatures are made when possible, an unsigned approval counts and a bad one does not", async () => {
  const approval = await approve(ada, await keyOf("ada", ada.email), false);
  const folder = join(workspace.meshRoot, ".memomesh/approvals");
  const [name = ""] = (await readdir(folder)).filter((each) => each.endsWith(".json"));
  await writeFile(join(folder, name), JSON.stringify({ ...approval, by: grace }));
  await expect(run(false)).rejects.toMatchObject({ code: "approval.unsigned" });
  await approve(ada, undefined, false);
  expect(await run(false)).toMatchObject({ state: { state: "done" } });
});
