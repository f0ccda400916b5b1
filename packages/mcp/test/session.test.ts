import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { call, connect } from "./client.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "memomesh-session-"));
  const tools = ["send_memo", "write_runbook", "update_state", "record_lesson", "ask", "finish"];
  await writeFile(
    join(folder, "session.json"),
    JSON.stringify({
      node: "ops",
      memo: "01JD8Q5T3ZK3N6V9Y2M4R7W1XB",
      send: ["shop"],
      nodes: ["shop", "vault"],
      tools,
    }),
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Far from any mesh: none is read. */
const connectSession = () => connect(folder, ["--session", folder]);

async function written(): Promise<{ name: string; input: unknown }[]> {
  const source = await readFile(join(folder, "calls.jsonl"), "utf8").catch(() => "");
  return source
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

const memo = { to: ["shop"], subject: "Which port?", type: "ask", body: "Say it." };

describe("the tools of one session", () => {
  test("are those that were named, and none of them touches a file", async () => {
    const client = await connectSession();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      "send_memo",
      "write_runbook",
      "update_state",
      "record_lesson",
      "ask",
      "finish",
    ]);
    expect(client.getInstructions()).toContain("operator, shop");
    await client.close();
  });

  test("write down what fits and refuse what does not", async () => {
    const client = await connectSession();
    expect(await call(client, "send_memo", memo)).toMatchObject({ refused: false });
    expect(await call(client, "send_memo", { ...memo, body: 7 })).toMatchObject({
      refused: true,
      text: expect.stringContaining("body"),
    });
    expect(await call(client, "read_file", { path: "/etc/passwd" })).toMatchObject({
      refused: true,
      text: expect.stringContaining("no tool"),
    });
    for (const to of ["vault", "nobody"]) {
      const sent = await call(client, "send_memo", { ...memo, to: [to] });
      expect(sent).toMatchObject({ refused: true, text: expect.stringContaining(`may not write to ${to}`) });
    }
    const secret = { ...memo, body: `ghp_${"a1B2".repeat(9)}` };
    expect(await call(client, "send_memo", secret)).toMatchObject({
      refused: true,
      text: expect.stringContaining("secret"),
    });
    expect(await written()).toEqual([{ name: "send_memo", input: memo }]);
    await client.close();
  });

  test("end with finish, also for a second server of the same session", async () => {
    const [one, other] = await Promise.all([connectSession(), connectSession()]);
    await call(one, "send_memo", memo);
    expect(await call(one, "finish", { notes: "Asked." })).toMatchObject({ refused: false });
    for (const client of [one, other]) {
      expect(await call(client, "send_memo", memo)).toMatchObject({
        refused: true,
        text: expect.stringContaining("ended"),
      });
    }
    expect((await written()).map(({ name }) => name)).toEqual(["send_memo", "finish"]);
    await Promise.all([one.close(), other.close()]);
  });

  test("are not offered for a folder that describes no session", async () => {
    await writeFile(join(folder, "session.json"), "{}");
    await expect(connectSession()).rejects.toThrow();
  });
});
