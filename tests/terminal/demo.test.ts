import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { expect, test } from "vitest";
import { hasTmux, Terminal } from "./terminal.ts";
import { Workspace } from "./workspace.ts";

test.concurrent("the demo does the whole job without a person, and leaves nothing behind", async () => {
  await using workspace = await Workspace.empty();
  const { code, out, err } = await workspace.call(["demo"], { TMPDIR: workspace.root });
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out.match(/version\.txt {2}(\S+)/g)?.map((line) => line.split("  ")[1])).toEqual(["1.4.2", "1.5.0", "1.4.2"]);
  expect(out).toContain("approved in the name of demo");
  const history = out.slice(out.indexOf("git log"), out.indexOf("The temporary mesh")).trim().split("\n").slice(1);
  expect(history.length).toBeLessThanOrEqual(14);
  const [, mesh = ""] = /mesh +(\/\S+)/.exec(out) ?? [];
  expect(existsSync(mesh)).toBe(false);
});

test
  .skipIf(!hasTmux)
  .concurrent("the demo goes on when a person rejects a step, and says what that means", async () => {
    await using workspace = await Workspace.empty();
    await using terminal = await Terminal.run(["demo"], {
      cwd: workspace.root,
      columns: 80,
      env: { TMPDIR: workspace.root },
    });
    for (const step of [1, 2, 3, 4]) {
      await terminal.until(`Step ${step}?`);
      await terminal.type("r");
    }
    await terminal.until("Step 5?");
    await terminal.type("s");
    await terminal.until("Why is it skipped?");
    await terminal.type("not on a Saturday");
    expect(await terminal.until("Step 6?")).toContain("needed by 6");
    await terminal.type("r");
    await terminal.until(/not done {2}step 6 needs step 5[\s\S]*Step 6\?/);
    await terminal.type("q");
    const served = await terminal.until("Step 1?");
    expect(served).toContain("404");
    expect(served).toContain("Nothing is served");
    await terminal.type("all");
    await terminal.until("(yes, no)?");
    await terminal.type("yes");
    await terminal.until("Which are done?");
    await terminal.type("");
    const end = await terminal.until("[exit 0]");
    expect(end).toContain("version.txt  1.5.0");
    expect(end).toContain("There is no earlier release to go back to");
    expect(end).toContain("The first memo is not archived");
    expect(end).toContain('Skip step 5 of "Deploy harbour 1.4.2 to staging"');
    const [, mesh = ""] = /The mesh stays in (\S+)/.exec(end) ?? [];
    expect(existsSync(mesh)).toBe(true);
    await rm(mesh, { recursive: true });
  });
