import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { layCheckout } from "../../src/programs/checkout.ts";
import { checkoutFiles } from "../../src/programs/checkout-files.ts";
import { ProgramMesh } from "./stand-in.ts";

async function laid() {
  const mesh = new ProgramMesh();
  mesh.write("projects/sysadmin/.env", "PASSWORD=x");
  mesh.write("projects/sysadmin/memos/incoming/a.md", "# A\n");
  mesh.write("projects/developer/AGENTS.md", "Do as the developer says.");
  mesh.write("projects/writer/diary.md", "private");
  const context = mesh.programContext({ files: mesh.files("sysadmin", ["writer"]) });
  const checkout = await layCheckout(context, join(await context.workshop.folder(), "checkout"));
  return { there: context.files, here: checkoutFiles(checkout, context), own: join(checkout.root, checkout.own) };
}

describe("the files of a session, seen from its checkout", () => {
  test("are those that the session has", async () => {
    const { there, here } = await laid();
    for (const path of ["", "docs", "developer:", "developer:dist"]) {
      expect(await here.list(path)).toEqual(await there.list(path));
    }
    const paths = ["docs", "docs/notes.md", "AGENTS.md", "CLAUDE.md", ".env", "memos/incoming/a.md", "absent", "doc"];
    for (const path of [...paths, "developer:", "developer:dist", "developer:dist/index.html", "developer:AGENTS.md"]) {
      expect([path, await here.exists(path)]).toEqual([path, await there.exists(path)]);
      expect(here.meshPath(path)).toBe(there.meshPath(path));
    }
    expect(await here.granted()).toEqual(await there.granted());
    expect(await here.exists("writer:diary.md")).toBe(false);
  });

  test("are read where they are shown, and recorded as the session records them", async () => {
    const { there, here } = await laid();
    for (const files of [there, here]) {
      expect(await files.read("docs/notes.md")).toBe("old notes\n");
      expect(await files.read("developer:dist/index.html")).toBe("<h1>shop</h1>\n");
      expect(await files.read("absent.md")).toBeUndefined();
      await files.readBytes("AGENTS.md");
      files.relyOn("AGENTS.md");
    }
    expect(here.base()).toEqual(there.base());
    expect(Object.keys(here.base())).toEqual(["docs/notes.md", "absent.md", "AGENTS.md"]);
    expect(await here.read(".env")).toBeUndefined();
    expect(await here.read("developer:AGENTS.md")).toBeUndefined();
  });

  test("are not followed through links that the program has laid", async () => {
    const { here, own } = await laid();
    rmSync(join(own, "AGENTS.md"));
    symlinkSync("/etc/passwd", join(own, "AGENTS.md"));
    expect(await here.read("AGENTS.md")).toBeUndefined();
    rmSync(join(own, "docs"), { recursive: true });
    symlinkSync("/etc", join(own, "docs"));
    expect(await here.read("docs/notes.md")).toBeUndefined();
    writeFileSync(join(own, "new.txt"), "new");
    expect(await here.exists("new.txt")).toBe(false);
  });
});
