import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterEach, describe, expect, test } from "vitest";
import type { SessionContext } from "../../agents/src/index.ts";
import { readCalls } from "../../agents/src/programs/call-book.ts";
import { type Checkout, layCheckout } from "../../agents/src/programs/checkout.ts";
import { collect } from "../../agents/src/programs/collect.ts";
import { replay } from "../../agents/src/programs/replay.ts";
import { writeSession } from "../../agents/src/programs/session-folder.ts";
import { Desk } from "../../agents/src/session/desk.ts";
import { ProgramMesh } from "../../agents/test/programs/stand-in.ts";
import { call, connect, main, type Told } from "./client.ts";

const clients: Client[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

/** A session as the adapter of a program opens and ends it; the program in between is the test. */
class Room {
  readonly context: SessionContext;
  readonly folder: string;
  /** The node's own folder in the checkout. */
  readonly own: string;
  readonly #checkout: Checkout;

  private constructor(context: SessionContext, folder: string, checkout: Checkout) {
    this.context = context;
    this.folder = folder;
    this.own = join(checkout.root, checkout.own);
    this.#checkout = checkout;
  }

  static async open(prepare: (mesh: ProgramMesh) => Partial<SessionContext> | undefined = () => undefined) {
    const mesh = new ProgramMesh();
    const context = mesh.programContext(prepare(mesh));
    const workshop = await context.workshop.folder();
    const checkout = await layCheckout(context, join(workshop, "checkout"));
    const room = new Room(context, join(workshop, "session"), checkout);
    await writeSession(room.folder, { knowledge: context, checkout });
    return room;
  }

  /** Far from any mesh: none is read. */
  async connect(): Promise<Client> {
    const client = await connect(this.folder, ["--session", this.folder]);
    clients.push(client);
    return client;
  }

  /** Names of the calls that were accepted. */
  async accepted(): Promise<string[]> {
    return (await readCalls(this.folder)).map(({ name }) => name);
  }

  /** What the adapter makes of it when the program has ended. */
  async end() {
    const desk = new Desk(this.context);
    await replay(desk, collect(this.#checkout, {}).files, await readCalls(this.folder));
    return desk.changeset({ agent: "worker" });
  }

  write(path: string, content: string | Uint8Array): void {
    mkdirSync(join(this.own, path, ".."), { recursive: true });
    writeFileSync(join(this.own, path), content);
  }
}

const memo = { to: ["developer"], subject: "Which port?", type: "ask", body: "Say it." };
const lesson = { title: "Ports collide", symptom: "It does not start.", cause: "Two use 80.", fix: "Use 8080." };

function runbook(files: readonly string[] = [], target = "staging") {
  const step = { title: "Copy", risk: "low", explanation: "Copies.", run: "true", needs: { files } };
  return { title: "Deploy", target, what: "Deploys.", rollback: "Nothing.", steps: [step] };
}

const refusedWith = (text: string) => ({ refused: true, text: expect.stringContaining(text) }) as unknown as Told;
const worked = { refused: false };

describe("the tools of one session", () => {
  test("are those that a program does not bring, and none of them touches a file", async () => {
    const client = await (await Room.open()).connect();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      ...["propose_change", "send_memo", "write_runbook", "update_state", "record_lesson", "ask", "decline", "finish"],
    ]);
    expect(client.getInstructions()).toContain("You work at the node sysadmin on memo 01KAJ0000000000000000MEM01");
  });

  test("refuse at once what would be refused when the session has ended", async () => {
    const room = await Room.open((mesh) => ({
      files: mesh.files("sysadmin", ["writer"]),
      state: "# State\n\n## Next actions\n\n- [ ] Renew the certificate\n",
      lessons: [{ file: "docs/ai-lessons.md", source: "### Ports collide\n**Fix:** 8080\n" }],
      node: { id: "sysadmin", role: "sysadmin", path: "projects/sysadmin", send: ["developer", "nobody"] },
    }));
    room.write("pic.bin", Buffer.from([0, 159, 146, 150]));
    symlinkSync("/etc/passwd", join(room.own, "passwd"));
    const client = await room.connect();
    const refusals: [name: string, input: Record<string, unknown>, says: string][] = [
      ["read", { path: "/etc/passwd" }, 'no tool "read"'],
      ["send_memo", { ...memo, body: 7 }, "body"],
      ["send_memo", { ...memo, to: ["writer"] }, "may not write to writer"],
      ["send_memo", { ...memo, to: ["nobody"] }, 'no node "nobody"'],
      ["send_memo", { ...memo, body: `ghp_${"a1B2".repeat(9)}` }, "secret"],
      ["send_memo", { ...memo, body: "x".repeat(1024 * 1024) }, "at most 1048576 bytes"],
      ["write_runbook", runbook([], "moon"), 'no target "moon"; there are staging, production'],
      ["write_runbook", runbook(["projects/sysadmin/absent.txt"]), "absent.txt, which does not exist"],
      ["write_runbook", runbook(["projects/sysadmin/CLAUDE.md"]), "does not exist"],
      ["write_runbook", runbook(["projects/sysadmin/pic.bin"]), "does not exist"],
      ["write_runbook", runbook(["projects/sysadmin/passwd"]), "does not exist"],
      ["write_runbook", runbook(["projects/writer/diary.md"]), "projects/writer/diary.md"],
      ["write_runbook", runbook(["elsewhere/x"]), "lies in no folder that you know"],
      ["update_state", { done: ["Buy milk"] }, 'no open action "Buy milk"; it has "Renew the certificate"'],
      ["record_lesson", lesson, "recorded already"],
      ["ask", { to: "writer", question: "Which port?" }, "may not write to writer"],
      ["finish", { handover: "Nothing is open.", notes: "Done.", done: [0, 4] }, "no action item 4"],
    ];
    for (const [name, input, says] of refusals)
      expect(await call(client, name, input)).toMatchObject(refusedWith(says));
    expect(await room.accepted()).toEqual([]);
    expect(await call(client, "update_state", { done: ["Renew the certificate"] })).toMatchObject(worked);
    expect(await call(client, "finish", { handover: "Nothing is open.", notes: "Done.", done: [0] })).toMatchObject(
      worked,
    );
    expect(await room.end()).toMatchObject({ outcome: { kind: "done", done: [0] } });
  });

  test("see the files that the program has written, and those that were there or granted", async () => {
    const room = await Room.open((mesh) => {
      mesh.write("projects/sysadmin/.env", "PASSWORD=x");
      return undefined;
    });
    const client = await room.connect();
    const files = ["site.conf", "docs", "docs/notes.md", ".env", "new"].map((path) => `projects/sysadmin/${path}`);
    const needed = runbook([...files, "projects/developer/dist", "projects/developer/dist/index.html"]);
    expect(await call(client, "write_runbook", needed)).toMatchObject(refusedWith("site.conf, which does not exist"));
    room.write("site.conf", "listen 8080\n");
    room.write("new/folder/a.txt", "a\n");
    expect(await call(client, "write_runbook", needed)).toMatchObject(worked);
    expect(await call(client, "finish", { handover: "Nothing is open.", notes: "Prepared." })).toMatchObject(worked);
    const { outcome, files: changed } = await room.end();
    expect(outcome).toMatchObject({ kind: "prepared", runbook: { source: expect.stringContaining("site.conf") } });
    expect(changed.map(({ path }) => path)).toEqual(["new/folder/a.txt", "site.conf"]);
  });

  test("draft a runbook under the name that it will have, beside one that the program has written itself", async () => {
    const room = await Room.open();
    const client = await room.connect();
    const [, path = ""] = /^(\S+) is drafted/.exec((await call(client, "write_runbook", runbook())).text) ?? [];
    rmSync(join(room.folder, "calls.jsonl"));
    room.write(path, "# By hand\n");
    const other = path.replace(/\.md$/, "-2.md");
    expect((await call(client, "write_runbook", runbook())).text).toContain(other);
    await call(client, "finish", { handover: "Nothing is open.", notes: "Prepared." });
    expect(await room.end()).toMatchObject({ outcome: { runbook: { path: other } }, files: [{ path }] });
  });

  test("do not finish at once with nothing handed over", async () => {
    const room = await Room.open();
    const client = await room.connect();
    const { text } = await call(client, "finish", { notes: "Prepared." });
    expect(text).toMatch(/^The session has not ended yet: .*handover(?!.*Stop here)/s);
    expect(await call(client, "send_memo", memo)).toMatchObject(worked);
    const told = await call(client, "finish", { notes: "Prepared.", handover: "It waits for a person." });
    expect(told.text).toContain("Stop here.");
    expect(await room.end()).toMatchObject({
      state: { handover: expect.stringMatching(/: It waits for a person\.$/) },
    });
  });

  test("do not finish with a runbook whose files are gone, until it is written again", async () => {
    const room = await Room.open();
    const client = await room.connect();
    room.write("site.conf", "listen 8080\n");
    expect(await call(client, "write_runbook", runbook(["projects/sysadmin/site.conf"]))).toMatchObject(worked);
    rmSync(join(room.own, "site.conf"));
    expect(await call(client, "send_memo", memo)).toMatchObject(worked);
    expect(await call(client, "finish", { handover: "Nothing is open.", notes: "Prepared." })).toMatchObject(
      refusedWith("site.conf"),
    );
    expect(await call(client, "write_runbook", runbook())).toMatchObject(worked);
    expect(await call(client, "finish", { handover: "Nothing is open.", notes: "Prepared." })).toMatchObject(worked);
    expect(await room.end()).toMatchObject({ outcome: { kind: "prepared" }, memos: [{ subject: memo.subject }] });
  });

  test("say when the program has written more than a session may", async () => {
    const room = await Room.open();
    const client = await room.connect();
    for (let index = 0; index < 401; index += 1) room.write(`many/${index}.txt`, "x");
    expect(await call(client, "finish", { handover: "Nothing is open.", notes: "Done." })).toMatchObject(
      refusedWith("at most 400 files"),
    );
    rmSync(join(room.own, "many"), { recursive: true });
    expect(await call(client, "finish", { handover: "Nothing is open.", notes: "Done." })).toMatchObject(worked);
  });

  test("end with finish, also for a second server of the same session", async () => {
    const room = await Room.open();
    const [one, other] = await Promise.all([room.connect(), room.connect()]);
    await call(one, "send_memo", memo);
    expect((await call(one, "finish", { handover: "Nothing is open.", notes: "Asked." })).text).toContain("Stop here.");
    for (const client of [one, other]) {
      expect(await call(client, "send_memo", memo)).toMatchObject(refusedWith("ended"));
    }
    expect(await room.accepted()).toEqual(["send_memo", "finish"]);
  });

  test("take two calls at once in the order in which they came", async () => {
    const room = await Room.open();
    const client = await room.connect();
    const told = await Promise.all([
      call(client, "record_lesson", lesson),
      call(client, "record_lesson", lesson),
      call(client, "finish", { handover: "Nothing is open.", notes: "Learned." }),
      call(client, "send_memo", memo),
    ]);
    expect(told.map(({ refused }) => refused)).toEqual([false, true, false, true]);
    expect(await room.end()).toMatchObject({ lessons: [{ title: lesson.title }], memos: [] });
  });

  test("take what fits only once from two servers at once", async () => {
    const room = await Room.open();
    const both = await Promise.all([room.connect(), room.connect()]);
    const titles = Array.from({ length: 12 }, (_, index) => `Lesson ${index}`);
    const told = await Promise.all(
      titles.flatMap((title) => both.map((client) => call(client, "record_lesson", { ...lesson, title }))),
    );
    expect(told.filter(({ refused }) => !refused)).toHaveLength(titles.length);
    const ends = await Promise.all(
      both.map((client) => call(client, "finish", { handover: "Nothing is open.", notes: "Learned." })),
    );
    expect(ends.filter(({ refused }) => !refused)).toHaveLength(1);
    expect((await room.end()).lessons?.map(({ title }) => title).sort()).toEqual([...titles].sort());
  });

  test("lose no accepted call when the server is killed, also not behind half a line", async () => {
    const room = await Room.open();
    const killed = await room.connect();
    await call(killed, "record_lesson", lesson);
    await call(killed, "write_runbook", runbook());
    process.kill((killed.transport as StdioClientTransport).pid ?? Number.NaN, "SIGKILL");
    const book = join(room.folder, "calls.jsonl");
    writeFileSync(book, `${readFileSync(book, "utf8")}{"number":2,"id":"x","name":"fin`);
    const client = await room.connect();
    expect(await call(client, "record_lesson", lesson)).toMatchObject(refusedWith("recorded already"));
    expect(await call(client, "finish", { handover: "Nothing is open.", notes: "Prepared." })).toMatchObject(worked);
    expect(await room.end()).toMatchObject({ outcome: { kind: "prepared" }, lessons: [{ title: lesson.title }] });
  });

  test("tell a program what its changeset will hold", async () => {
    const mesh = new ProgramMesh();
    const client = import.meta.resolve("@modelcontextprotocol/sdk/client/index.js");
    const transport = import.meta.resolve("@modelcontextprotocol/sdk/client/stdio.js");
    const source = `(async () => {
      const { Client } = await import(${JSON.stringify(client)});
      const { StdioClientTransport } = await import(${JSON.stringify(transport)});
      const { memomesh } = JSON.parse(fs.readFileSync(process.env.MEMOMESH_MCP, "utf8")).mcpServers;
      const client = new Client({ name: "program", version: "1" });
      await client.connect(new StdioClientTransport(memomesh));
      const use = async (name, input) => {
        const { isError, content } = await client.callTool({ name, arguments: input });
        console.log(isError ? "refused" : "done", name, content[0].text);
      };
      await use("write_runbook", ${JSON.stringify(runbook(["projects/sysadmin/site.conf"], "moon"))});
      await use("write_runbook", ${JSON.stringify(runbook(["projects/sysadmin/site.conf"]))});
      fs.writeFileSync("site.conf", "listen 8080\\n");
      await use("write_runbook", ${JSON.stringify(runbook(["projects/sysadmin/site.conf"]))});
      await use("finish", { handover: "Nothing is open.", notes: "Prepared.", done: [7] });
      await use("finish", { handover: "Nothing is open.", notes: "Prepared.", done: [0] });
      await client.close();
    })();`;
    const memomesh = [process.execPath, main];
    const workshop = { ...mesh.programContext().workshop, memomesh };
    const { files, outcome } = await mesh.command(source, [], { workshop });
    const { entries } = mesh.journal;
    const heard = entries.map((entry) =>
      entry.kind === "message" && "text" in entry.message ? entry.message.text : "",
    );
    expect(heard.join("\n").match(/^(?:refused|done) \w+/gm)).toEqual([
      ...["refused write_runbook", "refused write_runbook", "done write_runbook", "refused finish", "done finish"],
    ]);
    expect(outcome).toMatchObject({ kind: "prepared", done: [0], runbook: { path: expect.stringMatching(/deploy/) } });
    expect(heard.join("\n")).toContain(outcome.kind === "prepared" ? outcome.runbook.path : "no runbook");
    expect(files).toEqual([{ path: "site.conf", content: "listen 8080\n" }]);
  });

  test("are not offered for a folder that describes no session", async () => {
    const room = await Room.open();
    writeFileSync(join(room.folder, "session.json"), "{}");
    await expect(room.connect()).rejects.toThrow();
  });

  test("know what they know from a file for its owner only, outside of the checkout", async () => {
    const room = await Room.open();
    expect(statSync(join(room.folder, "session.json")).mode & 0o777).toBe(0o600);
    expect(existsSync(join(room.own, "session.json"))).toBe(false);
  });
});
