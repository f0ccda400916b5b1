import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { SessionContext } from "../../src/index.ts";
import { bubblewrapArguments } from "../../src/sandbox/bubblewrap.ts";
import { machineSandbox } from "../../src/sandbox/machine.ts";
import { ProgramMesh } from "../programs/stand-in.ts";

const machine = await machineSandbox();
const bubblewrap = machine.kind === "bubblewrap" ? machine.program : "";
const there = bubblewrap !== "";

/** What a program finds when it tries something: its outcome by name. */
const tries = `const tried = {};
const attempt = (name, act) => {
  try { tried[name] = String(act() ?? "done"); } catch (error) { tried[name] = error.code ?? error.message; }
};
const tell = () => console.log("tried " + JSON.stringify(tried));
`;

class SandboxedMesh extends ProgramMesh {
  override context(...given: Parameters<ProgramMesh["context"]>): SessionContext {
    const context = super.context(...given);
    const { workshop } = context;
    return { ...context, workshop: { ...workshop, sandbox: { rule: "required", hidden: [this.root] } } };
  }

  /** What a program says of its tries, and the changeset of its session. */
  async try(source: string, options: object = {}) {
    const command = [this.program(tries + source)];
    const changeset = await this.hold({ provider: "command", command, hosts: [], ...options });
    const said = /tried (\{.*\})/.exec(changeset.outcome.notes)?.[1] ?? "{}";
    return { changeset, tried: JSON.parse(said) as Record<string, string> };
  }
}

describe.skipIf(!there)("a program in the sandbox", () => {
  test("writes in its node's folder and nowhere else, and its changeset is collected", async () => {
    const mesh = new SandboxedMesh();
    const { changeset, tried } = await mesh.try(`
      attempt("own", () => fs.writeFileSync("site.conf", "listen 8080\\n"));
      attempt("other node", () => fs.writeFileSync("../developer/dist/index.html", "x"));
      attempt("beside", () => fs.writeFileSync("../../x", "x"));
      attempt("system", () => fs.writeFileSync("/usr/x", "x"));
      attempt("session", () => fs.writeFileSync(path.join(session, "session.json"), "{}"));
      attempt("servers", () => fs.writeFileSync(process.env.MEMOMESH_MCP, "{}"));
      attempt("temporary", () => fs.writeFileSync("/tmp/memomesh-left-behind", "x"));
      tell();`);
    expect(tried).toEqual({
      ...{ own: "done", "other node": "EROFS", beside: "EROFS", system: "EROFS", session: "EROFS", servers: "EROFS" },
      temporary: "done",
    });
    expect(changeset.files).toEqual([{ path: "site.conf", content: "listen 8080\n" }]);
    expect(existsSync("/tmp/memomesh-left-behind")).toBe(false);
  });

  test("reads no other project, no home and no passwords", async () => {
    const mesh = new SandboxedMesh();
    mesh.write("projects/writer/draft.md", "secret");
    const places = { mesh: mesh.root, draft: `${mesh.root}/projects/writer/draft.md`, home: join(homedir(), ".ssh") };
    const { tried } = await mesh.try(`
      for (const [name, place] of Object.entries(${JSON.stringify({ ...places, shadow: "/etc/shadow", run: "/run/dbus" })}))
        attempt(name, () => fs.statSync(place).isDirectory() ? fs.readdirSync(place).filter((each) => /^(?:projects|id_)/.test(each)).join() : fs.readFileSync(place));
      attempt("granted", () => fs.readFileSync("../developer/dist/index.html", "utf8").trim());
      tell();`);
    expect(tried).toMatchObject({ draft: "ENOENT", home: "ENOENT", shadow: "ENOENT", run: "ENOENT" });
    expect(tried.mesh).toBe("");
    expect(tried.granted).toBe("<h1>shop</h1>");
  });

  test("cannot change what steers agents or git, nor lay it where it is absent, and nothing of that is left", async () => {
    const mesh = new SandboxedMesh();
    const { changeset, tried } = await mesh.try(`
      attempt("AGENTS.md", () => fs.writeFileSync("AGENTS.md", "obey"));
      attempt("rm AGENTS.md", () => fs.rmSync("AGENTS.md"));
      attempt(".git", () => fs.writeFileSync(".git", "gitdir: /x"));
      attempt(".git/config", () => fs.writeFileSync(".git/config", "x"));
      attempt("rm .git", () => fs.rmdirSync(".git"));
      attempt(".mcp.json", () => fs.writeFileSync(".mcp.json", "{}"));
      attempt("move", () => fs.renameSync("../sysadmin", "../moved"));
      attempt("notes", () => fs.writeFileSync("docs/notes.md", "new\\n"));
      tell();`);
    const { notes, ...steering } = tried;
    expect(notes).toBe("done");
    expect(Object.values(steering)).not.toContain("done");
    expect(Object.keys(steering)).toHaveLength(7);
    expect(changeset.files.map(({ path }) => path)).toEqual(["docs/notes.md"]);
    expect(changeset.outcome.notes).not.toContain("Left behind");
  });

  test("is not root, sees no process but its own, and has no terminal", async () => {
    const { tried } = await new SandboxedMesh().try(`
      attempt("user", () => process.getuid());
      attempt("processes", () => fs.readdirSync("/proc").filter((name) => /^\\d+$/.test(name)).length < 8);
      attempt("terminal", () => fs.openSync("/dev/tty", "r"));
      attempt("sysctl", () => fs.writeFileSync("/proc/sys/kernel/domainname", "x"));
      tell();`);
    expect(tried).toMatchObject({ processes: "true", sysctl: "EROFS", terminal: "ENXIO" });
    expect(tried.user).not.toBe("0");
  });

  test("takes its children with it, whatever group they are in and whatever they have inherited", async () => {
    const mesh = new SandboxedMesh();
    const mark = `6${process.pid}.5`;
    await mesh.try(`
      const { spawn } = require("node:child_process");
      spawn("env", ["-i", "setsid", "sleep", "${mark}"], { detached: true, stdio: "ignore" }).unref();
      while (!fs.readdirSync("/proc").some((name) => { try { return fs.readFileSync("/proc/" + name + "/cmdline", "utf8").startsWith("sleep\\x00${mark}"); } catch { return false; } })) ;
      tell();`);
    const lines = readdirSync("/proc").map((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, "utf8");
      } catch {
        return "";
      }
    });
    expect(lines.filter((line) => line.startsWith(`sleep\0${mark}`))).toEqual([]);
  });

  test("reaches its model's server at its usual address, and no other", async () => {
    const mesh = new SandboxedMesh();
    const server = createServer((_, answer) => answer.end("I am the model"));
    const other = createServer((_, answer) => answer.end("I am a database"));
    const ports = await Promise.all(
      [server, other].map(async (each) => {
        await once(each.listen(0, "127.0.0.1"), "listening");
        onTestFinished(() => void each.close());
        return (each.address() as AddressInfo).port;
      }),
    );
    const { changeset } = await mesh.try(
      `const get = (url) => fetch(url).then((answer) => answer.text(), (error) => error.cause?.code ?? error.message);
      const through = (url) => new Promise((resolve) => require("node:http").get({ port: new URL(process.env.http_proxy).port, path: url, agent: false }, (answer) => resolve(answer.statusCode)));
      (async () => {
        console.log(await get("http://127.0.0.1:${ports[0]}/"), await get("http://127.0.0.1:${ports[1]}/"));
        console.log(await through("http://127.0.0.1:${ports[0]}/"), await through("http://127.0.0.1:${ports[1]}/"), await through("http://example.com/"));
      })();`,
      { hosts: [`127.0.0.1:${ports[0]}`] },
    );
    expect(changeset.outcome.notes).toBe("I am the model ECONNREFUSED\n200 403 403");
    expect(mesh.told).toEqual([
      `the sandbox did not let it reach 127.0.0.1:${ports[1]}`,
      "the sandbox did not let it reach example.com:80",
    ]);
  });

  test("keeps its exit code and its last words", async () => {
    const failing = new SandboxedMesh().try(`console.error("no model"); process.exitCode = 3;`);
    await expect(failing).rejects.toMatchObject({ code: "agent.program.failed", message: /no model/ });
  });

  test("is shown what mesh.yml says besides", async () => {
    const mesh = new SandboxedMesh();
    mkdirSync(join(mesh.root, "shared"));
    writeFileSync(join(mesh.root, "shared/list.txt"), "apples");
    const read = `attempt("list", () => fs.readFileSync(${JSON.stringify(`${mesh.root}/shared/list.txt`)}, "utf8")); tell();`;
    expect((await mesh.try(read)).tried.list).toBe("ENOENT");
    expect((await mesh.try(read, { reads: [`${mesh.root}/shared`] })).tried.list).toBe("apples");
  });

  test("confines an ordinary user too", () => {
    const folder = mkdtempSync(join(tmpdir(), "memomesh-ordinary-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const own = join(folder, "own");
    mkdirSync(own);
    writeFileSync(join(own, "AGENTS.md"), "obey");
    const fixed = [join(own, "AGENTS.md")];
    const paths = { read: [folder], write: [own], fixed, hidden: [], cwd: own };
    const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    if (user.uid !== undefined) execFileSync("chown", ["-R", `${user.uid}:${user.gid}`, folder]);
    const text = "echo x > new; echo x > AGENTS.md; echo x > ../beside; id -u; ls /proc/self/ns >/dev/null && cat new";
    const args = bubblewrapArguments({ ...paths, network: { kind: "open" } }, 1000);
    const ended = spawnSync(bubblewrap, [...args, "sh", "-c", text], { encoding: "utf8", ...user });
    expect(ended.stdout).toBe("1000\nx\n");
    expect(ended.stderr.match(/Read-only file system/g)).toHaveLength(2);
  });
});
