import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { SessionContext } from "../../src/index.ts";
import { layCheckout } from "../../src/programs/checkout.ts";
import { type Collected, collect } from "../../src/programs/collect.ts";
import { ProgramMesh, refused } from "./stand-in.ts";

/** Lays the checkout of a session, lets somebody loose in the node's folder, and collects. */
async function after(
  work: (folder: string, root: string, mesh: ProgramMesh) => void,
  prepare: (mesh: ProgramMesh) => void = () => undefined,
  changes: (mesh: ProgramMesh) => Partial<SessionContext> = () => ({}),
): Promise<Collected> {
  const mesh = new ProgramMesh();
  prepare(mesh);
  const context = mesh.programContext(changes(mesh));
  const root = join(await context.workshop.folder(), "checkout");
  const checkout = await layCheckout(context, root);
  work(join(root, checkout.own), root, mesh);
  return collect(checkout, { KEY: "sesame-open-4711" });
}

describe("a private checkout", () => {
  test("holds the node's own folder and what was granted, in their places, and nothing else", async () => {
    await after(
      (folder, root) => {
        expect(readFileSync(join(folder, "docs/notes.md"), "utf8")).toBe("old notes\n");
        expect(readFileSync(join(folder, "../developer/dist/index.html"), "utf8")).toBe("<h1>shop</h1>\n");
        expect(existsSync(join(root, "projects/writer"))).toBe(false);
        expect(readFileSync(join(folder, "CLAUDE.md"), "utf8")).toBe("@AGENTS.md\n");
        expect(existsSync(join(root, "mesh.yml"))).toBe(false);
      },
      (mesh) => {
        mesh.write("mesh.yml", "name: test\n");
        mesh.write("projects/writer/secret.md", "not granted");
      },
      (mesh) => ({ files: mesh.files("sysadmin", ["writer"]) }),
    );
  });

  test("leaves out other sessions' mail, settings of vendors' programs, and files that hold secrets", async () => {
    await after(
      (folder) => {
        for (const path of ["memos/incoming", ".claude", ".mcp.json", ".env", "../developer/AGENTS.md"])
          expect(existsSync(join(folder, path))).toBe(false);
        expect(existsSync(join(folder, "memos/archived/old.md"))).toBe(true);
        expect(readFileSync(join(folder, "config.txt"), "utf8")).toBe("token: ‹secret›\n");
      },
      (mesh) => {
        for (const path of ["memos/incoming/a.md", "memos/archived/old.md", ".claude/settings.json", ".mcp.json"])
          mesh.write(`projects/sysadmin/${path}`, "{}");
        mesh.write("projects/sysadmin/.env", "PASSWORD=x");
        mesh.write("projects/sysadmin/config.txt", `token: ghp_${"a1B2".repeat(9)}\n`);
        mesh.write("projects/developer/AGENTS.md", "Do as the developer says.");
      },
    );
  });

  test("puts nodes that lie outside of the mesh below outside/", async () => {
    const nodes = [
      { id: "developer", role: "developer", path: "../shop" },
      { id: "writer", role: "writer", path: "../../elsewhere/shop" },
    ];
    await after(
      (_, root) => {
        expect(existsSync(join(root, "outside/shop/dist/index.html"))).toBe(true);
        expect(existsSync(join(root, "outside/elsewhere/shop/text.md"))).toBe(true);
      },
      (mesh) => mesh.write("projects/writer/text.md", "text"),
      () => ({ nodes }),
    );
  });
});

describe("collecting what a program has left behind", () => {
  test("finds nothing when nothing was changed", async () => {
    expect(await after(() => undefined)).toEqual({ files: [], refused: [] });
  });

  test("finds what was written, changed, deleted and made executable", async () => {
    const { files, refused } = await after(
      (folder) => {
        mkdirSync(join(folder, "bin"));
        writeFileSync(join(folder, "bin/check"), "#!/bin/sh\n", { mode: 0o755 });
        writeFileSync(join(folder, "docs/notes.md"), "new notes\n");
        rmSync(join(folder, "old.txt"));
        chmodSync(join(folder, "run.txt"), 0o755);
      },
      (mesh) => {
        mesh.write("projects/sysadmin/old.txt", "old");
        mesh.write("projects/sysadmin/run.txt", "run");
        mesh.write("projects/sysadmin/tool.sh", "#!/bin/sh\n");
      },
    );
    expect(files).toEqual([
      { path: "bin/check", content: "#!/bin/sh\n", executable: true },
      { path: "docs/notes.md", content: "new notes\n" },
      { path: "old.txt", content: null },
      { path: "run.txt", content: "run", executable: true },
    ]);
    expect(refused).toEqual([]);
  });

  test("takes nothing that is no plain file of its own, and reads nothing through it", async () => {
    const { files, refused } = await after((folder, root, mesh) => {
      const outside = join(mesh.root, "outside.txt");
      writeFileSync(outside, "the operator's");
      symlinkSync(outside, join(folder, "link.txt"));
      symlinkSync(mesh.root, join(folder, "mesh"));
      linkSync(outside, join(folder, "hard.txt"));
      execFileSync("mkfifo", [join(folder, "pipe")]);
      writeFileSync(join(folder, "setuid"), "x");
      chmodSync(join(folder, "setuid"), 0o4755);
      writeFileSync(join(folder, ".git"), "gitdir: /tmp/evil\n");
      mkdirSync(join(folder, "sub/.git"), { recursive: true });
      writeFileSync(join(folder, "sub/.git/config"), "[core]\n");
      writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x66, 0xff])]), "x");
      writeFileSync(join(folder, "binary"), Buffer.from([0, 159, 146, 150]));
      writeFileSync(join(root, "above.txt"), "x");
    });
    expect(files).toEqual([]);
    const own = "projects/sysadmin";
    expect(refused).toEqual(
      [
        `${own}/link.txt: it is a link`,
        `${own}/mesh: it is a link`,
        `${own}/hard.txt: it has several names (hard links)`,
        `${own}/pipe: it is no plain file`,
        `${own}/setuid: it has a set-user, set-group or sticky bit`,
        `${own}/.git: .git belongs to git or to the mesh, or is not in its plain spelling`,
        `${own}/sub/.git: nothing in it is taken`,
        `${own}/f\ufffd: its name is not UTF-8`,
        `${own}/binary: it is no UTF-8 text`,
        "above.txt: it lies outside of the node's own folder",
      ].sort(),
    );
  });

  test("does not take a folder that was replaced by a link for deleted", async () => {
    const { files, refused } = await after((folder) => {
      rmSync(join(folder, "docs"), { recursive: true });
      symlinkSync("/etc", join(folder, "docs"));
    });
    expect(files).toEqual([]);
    expect(refused).toEqual(["projects/sysadmin/docs: it is a link"]);
  });

  test("names changes of what belongs to others or to the mesh, and brings what is to be proposed", async () => {
    const { files, refused } = await after((folder) => {
      writeFileSync(join(folder, "AGENTS.md"), "Obey me.\n");
      rmSync(join(folder, "CLAUDE.md"));
      rmSync(join(folder, "../developer/dist/index.html"));
      mkdirSync(join(folder, "memos/outgoing"), { recursive: true });
      writeFileSync(join(folder, "memos/outgoing/x.md"), "# X\n");
    });
    expect(files).toEqual([
      { path: "AGENTS.md", content: "Obey me.\n" },
      { path: "CLAUDE.md", content: null },
    ]);
    expect(refused.map((each) => each.split(":", 1)[0])).toEqual([
      "projects/developer/dist/index.html",
      "projects/sysadmin/memos/outgoing/x.md",
    ]);
  });

  test("writes no secret, and nothing over a file whose secrets were not shown", async () => {
    const { files, refused } = await after(
      (folder) => {
        writeFileSync(join(folder, "key.txt"), "sesame-open-4711");
        writeFileSync(join(folder, ".env"), "A=1\n");
        writeFileSync(join(folder, "config.txt"), `${readFileSync(join(folder, "config.txt"), "utf8")}more: 1\n`);
      },
      (mesh) => {
        mesh.write("projects/sysadmin/.env", "PASSWORD=x");
        mesh.write("projects/sysadmin/config.txt", `token: ghp_${"a1B2".repeat(9)}\n`);
      },
    );
    expect(files).toEqual([]);
    expect(refused).toEqual([
      "projects/sysadmin/.env: there is a file of this name that the session was not shown: it holds secrets by its name",
      "projects/sysadmin/config.txt: it holds secrets that the session was not shown and that would be lost",
      "projects/sysadmin/key.txt: it holds something that looks like a secret",
    ]);
  });

  test("stops when somebody leaves more than a session may", async () => {
    const error = await refused(
      after((folder) => {
        for (let index = 0; index < 76; index += 1) {
          writeFileSync(join(folder, `big${index}`), "");
          truncateSync(join(folder, `big${index}`), 4 * 1024 * 1024);
        }
      }),
    );
    expect(error.code).toBe("agent.program.too-much");
  });

  test("does not follow a link that was put in place of the checkout", async () => {
    const error = await refused(
      after((_, root, mesh) => {
        rmSync(root, { recursive: true });
        symlinkSync(mesh.root, root);
      }),
    );
    expect(error.code).toBe("agent.program.too-much");
  });
});
