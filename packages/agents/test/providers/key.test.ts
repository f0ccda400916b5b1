import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { keyFinder } from "../../src/providers/key.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "memomesh-key-"));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => {
  vi.unstubAllEnvs();
});

const { signal } = new AbortController();
const found = (variables: readonly string[], command?: readonly string[]) =>
  keyFinder({ agent: "claude", variables, command })(signal);

async function script(text: string): Promise<string> {
  const file = join(folder, `${Math.random()}.sh`);
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o700);
  return file;
}

test("takes the first variable that holds a key", async () => {
  vi.stubEnv("MEMOMESH_KEY_A", " ");
  vi.stubEnv("MEMOMESH_KEY_B", " secret-b\n");
  expect(await found(["MEMOMESH_KEY_NONE", "MEMOMESH_KEY_A", "MEMOMESH_KEY_B"])).toBe("secret-b");
});

test("says which variable to set, and what else can be done", async () => {
  await expect(found(["MEMOMESH_KEY_NONE"])).rejects.toMatchObject({
    kind: "login",
    passing: false,
    message:
      'the agent "claude" has no key: the variable MEMOMESH_KEY_NONE is not set. Set it where memomesh is started, or give the agent a keyCommand in mesh.yml, such as keyCommand: [pass, show, claude].',
  });
});

test("takes what a command prints, and asks it only once", async () => {
  const file = await script(`echo "run" >> ${folder}/runs; echo "  secret-$1 "`);
  const find = keyFinder({ agent: "claude", variables: [], command: [file, "$(id)"] });
  expect(await find(signal).catch((error: Error) => error.message)).toBe("secret-$(id)");
  expect(await find(signal)).toBe("secret-$(id)");
  expect((await import("node:fs")).readFileSync(join(folder, "runs"), "utf8")).toBe("run\n");
});

test.each([
  ["echo secret-out; echo secret-err >&2; exit 3", "ended with 3"],
  ["true", "printed nothing"],
  ["echo secret-out; echo more", "printed more than one word"],
])("refuses the command %j, and repeats nothing of what it said", async (text, why) => {
  const error = await found([], [await script(text)]).catch((error: Error) => error);
  expect(error).toMatchObject({ kind: "login", message: expect.stringContaining(why) });
  expect(JSON.stringify([(error as Error).message, error])).not.toMatch(/secret-(?:out|err)/);
});

test("says so when the command is not there", async () => {
  await expect(found([], [join(folder, "nothing")])).rejects.toThrow("was not found");
});

test("ends the command when the session is cancelled", async () => {
  const cancel = new AbortController();
  const reason = new Error("cancelled");
  const call = keyFinder({ agent: "claude", variables: [], command: [await script("exec sleep 30")] })(cancel.signal);
  cancel.abort(reason);
  await expect(call).rejects.toBe(reason);
});
