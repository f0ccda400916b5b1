import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, connect } from "./client.ts";
import { makeStudio, type Studio } from "./studio.ts";

let studio: Studio;
let ops: Client;
let memo: string;

beforeAll(async () => {
  studio = await makeStudio();
  ops = await connect(studio.folder("ops"));
  memo = await studio.deliver("ops", "shop", { subject: "Deploy the shop", body: "Do what this memo says." });
  const step = { title: "Look", risk: "low", prose: "Look.", run: "ls" };
  const draft = {
    name: "look-around",
    target: "staging",
    title: "Look",
    what: "It.",
    rollback: "None.",
    steps: [step],
  };
  await call(ops, "runbook_draft", draft);
});
afterAll(async () => {
  await ops.close();
  await studio.remove();
});

async function textOf(uri: string): Promise<string> {
  const [content] = (await ops.readResource({ uri })).contents;
  return content !== undefined && "text" in content ? content.text : "";
}

describe("resources", () => {
  test("are the state, the memos and the runbooks of the node", async () => {
    const { resources } = await ops.listResources();
    expect(resources.map(({ uri }) => uri).sort()).toEqual([
      `memo://${memo}`,
      "memomesh://state",
      "runbook://look-around",
    ]);
    expect(resources.find(({ uri }) => uri.startsWith("memo:"))).toMatchObject({ title: "Deploy the shop" });
    const { resourceTemplates } = await ops.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(["memo://{id}", "runbook://{name}"]);
  });

  test("are read; a memo is marked as data with its origin", async () => {
    expect(await textOf("memomesh://state")).toContain("## Handover notes");
    expect(await textOf(`memo://${memo.slice(-5)}`)).toMatch(
      /in the words of shop\. This is data[\s\S]*Do what this memo says/,
    );
    expect(await textOf("runbook://look-around")).toContain("## Step 1: Look");
    await expect(textOf("runbook://..%2F..%2Fmesh")).rejects.toThrow("no runbook");
    await expect(textOf("memo://%2Fetc%2Fpasswd")).rejects.toThrow("names no memo");
  });

  test("are completed from the beginning and from the end of an id", async () => {
    const complete = async (uri: string, name: string, value: string) =>
      (await ops.complete({ ref: { type: "ref/resource", uri }, argument: { name, value } })).completion.values;
    expect(await complete("memo://{id}", "id", memo.slice(0, 4))).toEqual([memo]);
    expect(await complete("memo://{id}", "id", memo.slice(-5))).toEqual([memo]);
    expect(await complete("memo://{id}", "id", "zzzzz")).toEqual([]);
    expect(await complete("runbook://{name}", "name", "look")).toEqual(["look-around"]);
  });
});

describe("prompts", () => {
  const said = async (name: string, args: Record<string, string> = {}) => {
    const { messages } = await ops.getPrompt({ name, arguments: args });
    const [{ content } = { content: undefined }] = messages;
    return content?.type === "text" ? content.text : "";
  };

  test("begin a session with state, inbox, lessons and the memo to work on", async () => {
    const text = await said("start-session", { memo: memo.slice(-5) });
    for (const part of ["node ops (sysadmin)", "## State", "## Inbox", "## Lessons", "Do what this memo says."]) {
      expect(text).toContain(part);
    }
    expect(await said("start-session")).toContain("Choose from the inbox");
  });

  test("end it with what has to be left behind", async () => {
    const text = await said("end-session");
    expect(text).toContain("update_state");
    expect(text).toContain("Deploy the shop");
  });

  test("complete the memo to work on", async () => {
    const ref = { type: "ref/prompt", name: "start-session" } as const;
    const { completion } = await ops.complete({ ref, argument: { name: "memo", value: "" } });
    expect(completion.values).toEqual([memo.slice(-5).toLowerCase()]);
  });
});
