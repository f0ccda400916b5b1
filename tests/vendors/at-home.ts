// A person works in a node's folder with a vendor's real program, after `memomesh hooks install` and `memomesh mcp install`.
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { RealMesh } from "./real-mesh.ts";
import { refusedCommand } from "./vendor-mesh.ts";

/** What a test needs of a program and its vendor. */
interface Played {
  readonly program: string;
  readonly args: readonly string[];
  /** @param home of the person, @param folder in which they work: that of the node */
  env(home: string, folder: string): Readonly<Record<string, string>>;
  /** Files of the person's home, by their paths there. */
  home(folder: string): Readonly<Record<string, string>>;
  /** The model has the program run commands, one after the other. */
  runs(...commands: readonly string[]): void;
  /**
   * All that the model was told, as JSON.
   *
   * @param home of the person
   */
  told(home: string): string;
}

const harmlessCommand = "cat docs/box.md";

export function testAtHome({ program, args, env, home, runs, told }: Played): void {
  test("asks the installed guard in a person's own session, which begins with the node's state and mail", async () => {
    const mesh = new RealMesh({ provider: "offline" });
    const { workspace } = mesh;
    workspace.write("projects/sysadmin/node.yml", "role: sysadmin\nagent: none\ngrants: { send: [], read: [] }\n");
    workspace.write("projects/sysadmin/STATE.md", "# State\n\n## Status\n\nThe box is full.\n");
    mesh.asksForDeployment();
    await mesh.run();
    await mesh.memomesh("hooks", "install", "sysadmin");
    const folder = workspace.path("projects/sysadmin");
    const own = join(mesh.cache, "home");
    for (const [path, text] of Object.entries(home(folder))) {
      mkdirSync(dirname(join(own, path)), { recursive: true });
      writeFileSync(join(own, path), text);
    }
    runs(refusedCommand, harmlessCommand);
    const running = promisify(execFile)(program, args, {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: own, ...env(own, folder) },
      timeout: 100_000,
    });
    running.child.stdin?.end();
    await running;
    const heard = told(own);
    expect(heard).toContain("The box is full.");
    expect(heard).toContain("Deploy the shop");
    expect(heard).toContain("The box serves shop/current.");
    expect(mesh.decisions()).toEqual([`no ${refusedCommand}`, `yes ${harmlessCommand}`]);
  });
}
