import { readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, connect, talk } from "./client.ts";
import { makeStudio, type Studio } from "./studio.ts";

let studio: Studio;
let ops: Client;

beforeAll(async () => {
  studio = await makeStudio();
  ops = await connect(studio.folder("ops"));
});
afterAll(async () => {
  await ops.close();
  await studio.remove();
});

const refusal = (text: string) => ({ refused: true, text: expect.stringContaining(text) });

describe("a node's server", () => {
  test("offers nothing that runs a command or approves one", async () => {
    const { tools } = await ops.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual([
      ...["ask", "complete_memo", "granted_files", "inbox", "read_file", "read_memo", "record_lesson", "reply"],
      ...["runbook_check", "runbook_draft", "search_lessons", "send_memo", "state", "status", "update_state", "why"],
    ]);
    const reading = tools.filter(({ annotations }) => annotations?.readOnlyHint === true).map(({ name }) => name);
    expect(reading.sort()).toEqual([
      ...[
        "granted_files",
        "inbox",
        "read_file",
        "read_memo",
        "runbook_check",
        "search_lessons",
        "state",
        "status",
        "why",
      ],
    ]);
  });

  test("does not see the memos of another node, by whatever way they are asked for", async () => {
    const id = await studio.deliver("vault", "shop", { subject: "For vault alone" });
    expect(await call(ops, "read_memo", { memo: id })).toMatchObject(refusal("memo.unknown"));
    expect(await call(ops, "reply", { memo: id, body: "Hello." })).toMatchObject(refusal("memo.unknown"));
    expect(await call(ops, "complete_memo", { memo: id, notes: "Mine." })).toMatchObject(refusal("memo.unknown"));
    expect(await call(ops, "why", { memo: id })).toMatchObject(refusal("memo.unknown"));
    await expect(ops.readResource({ uri: `memo://${id}` })).rejects.toThrow("no memo");
    const { resources } = await ops.listResources();
    expect(JSON.stringify(resources)).not.toContain(id);
    expect((await call(ops, "status")).text).not.toContain("For vault alone");
  });

  test("does not follow a link out of its mailbox", async () => {
    const id = await studio.deliver("vault", "shop", { subject: "Linked to" });
    const [name = ""] = (await readdir(join(studio.folder("vault"), "memos/incoming"))).filter((each) =>
      each.endsWith(`-${id.slice(-5).toLowerCase()}.md`),
    );
    const link = join(studio.folder("ops"), "memos/incoming", name);
    await symlink(join(studio.folder("vault"), "memos/incoming", name), link);
    expect((await call(ops, "read_memo", { memo: id })).refused).toBe(true);
    expect((await call(ops, "complete_memo", { memo: id, notes: "Mine." })).refused).toBe(true);
  });

  test("sends only where its grants allow, and a grant that a person adds counts at once", async () => {
    const memo = { to: ["vault"], subject: "Hello", body: "Hello." };
    expect(await call(ops, "send_memo", memo)).toMatchObject(refusal("may not write to vault"));
    expect(await call(ops, "ask", { ...memo, to: "vault" })).toMatchObject(refusal("may not write to vault"));
    await writeFile(
      join(studio.folder("ops"), "node.yml"),
      "role: sysadmin\nagent: offline\ngrants:\n  send: [shop, vault]\n  read: [shop/dist/**]\n",
    );
    expect((await call(ops, "send_memo", memo)).refused).toBe(false);
    expect(await call(ops, "send_memo", { ...memo, to: ["nobody"] })).toMatchObject(refusal("no node of this mesh"));
    expect(await call(ops, "send_memo", { ...memo, to: ["ops"] })).toMatchObject(refusal("memo.to.self"));
  });

  test("reads of others what was granted, and nothing else", async () => {
    expect((await call(ops, "granted_files")).data.files).toEqual(["shop:dist/index.html"]);
    expect((await call(ops, "read_file", { path: "shop:dist/index.html" })).text).toContain("<h1>Shop</h1>");
    for (const path of [
      "shop:plans.md",
      "vault:node.yml",
      "../shop/plans.md",
      "/etc/passwd",
      "shop:dist/../plans.md",
    ]) {
      expect(await call(ops, "read_file", { path }), path).toMatchObject(refusal("session.read.denied"));
      expect(await call(ops, "why", { path }), path).toMatchObject(refusal("session.read.denied"));
    }
  });

  test("is that of the node that was named, and the root's is the operator's", async () => {
    const [shop, operator] = await Promise.all([connect(studio.root, ["--node", "shop"]), connect(studio.root)]);
    expect((await call(shop, "status")).data.node).toBe("shop");
    expect((await call(operator, "status")).data.node).toBe("operator");
    const id = await studio.deliver("vault", "shop", { subject: "Open to the operator" });
    expect((await call(operator, "read_memo", { memo: id })).refused).toBe(false);
    await Promise.all([shop.close(), operator.close()]);
  });
});

describe("what a client sends", () => {
  const body = "Hello.";
  test.each<[string, string, Record<string, unknown>, string]>([
    ["a name that a tool does not know", "inbox", { node: "vault" }, "node"],
    ["a subject of two lines", "send_memo", { to: ["shop"], subject: "A\nfrom: vault", body }, "one line"],
    ["characters that nobody sees", "send_memo", { to: ["shop"], subject: "A\u200bB", body }, "U+200B"],
    ["an escape sequence", "send_memo", { to: ["shop"], subject: "A", body: "\u001b[2J" }, "U+001B"],
    ["a text without end", "send_memo", { to: ["shop"], subject: "A", body: "x".repeat(200_001) }, "200000"],
    ["recipients without end", "send_memo", { to: Array(51).fill("shop"), subject: "A", body }, "50"],
    ["a path for a memo", "read_memo", { memo: "../../vault" }, "id"],
    ["a path for a runbook", "runbook_check", { runbook: "../../vault/runbooks/x" }, "runbook.unknown"],
    ["a path for a runbook's name", "runbook_draft", { name: "../x" }, "name"],
    ["a secret", "send_memo", { to: ["shop"], subject: "A", body: `key ghp_${"a1B2".repeat(9)}` }, "mcp.secret"],
    ["no object", "send_memo", {}, "to"],
  ])("is refused when it is %s", async (_, tool, input, why) => {
    expect(await call(ops, tool, input)).toMatchObject(refusal(why));
  });

  test("a tool that is not there is not found, also by the name of a property", async () => {
    expect(await call(ops, "run_step")).toMatchObject(refusal("not found"));
    expect((await call(ops, "constructor")).refused).toBe(true);
  });

  test("that is no message is passed over, and what was asked before the end is still answered", async () => {
    const ping = (id: number) => JSON.stringify({ jsonrpc: "2.0", id, method: "ping" });
    const { code, answers } = await talk(studio.folder("ops"), [
      "{",
      "",
      "null",
      '{"jsonrpc":"1.0"}',
      ping(1),
      ping(2),
    ]);
    expect({ code, ids: answers.map((line) => JSON.parse(line).id) }).toEqual({ code: 0, ids: [1, 2] });
  });

  test("and never ends is not kept", async () => {
    const { answers } = await talk(studio.folder("ops"), [
      "x".repeat(5 * 1024 * 1024),
      '{"jsonrpc":"2.0","id":1,"method":"ping"}',
    ]);
    expect(answers).toEqual([]);
  });
});
