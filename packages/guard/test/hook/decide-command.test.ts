import { describe, expect, test } from "vitest";
import { decideCommand, type Ground } from "../../src/index.ts";
import { disguised, forbidden, otherShells, permitted } from "./agent-commands.ts";
import { cwd, ground } from "./ground.ts";

function decide(command: string, change: Partial<Ground> = {}, folder = cwd) {
  return decideCommand(command, folder, { ...ground, ...change });
}

describe("an agent may read, lint, test and build in its folder", () => {
  test.each(permitted.map((command) => [JSON.stringify(command), command]))("%s", (_, command) => {
    expect(decide(command)).toMatchObject({ allowed: true, instead: "" });
  });
});

describe("an agent may not do what touches others, and hears why and what to do instead", () => {
  test.each(forbidden.map(([command, because]) => [JSON.stringify(command), command, because] as const))(
    "%s",
    (_, command, because) => {
      const { allowed, reason, instead } = decide(command);
      expect(allowed).toBe(false);
      expect(reason).toMatch(because);
      expect(reason).toMatch(/[^.]\.$/);
      expect(instead).toMatch(/runbook|memo|Stay|Leave|Read|Use|Ask|Write/);
    },
  );
});

describe("a program is seen however it is wrapped", () => {
  test.each(disguised.map((command) => [JSON.stringify(command), command]))("%s", (_, command) => {
    const { allowed, reason } = decide(command);
    expect(allowed).toBe(false);
    expect(reason).toMatch(/ssh|command|root|read|prints|text/);
  });

  test("also where a shell other than bash would run it", () => {
    for (const command of otherShells) expect(decide(command), command).toMatchObject({ allowed: false });
  });

  test("and what cannot be read is refused", () => {
    for (const command of [
      'echo "x',
      "if true; then",
      "echo \u202ehs",
      "ls\u200b",
      `echo ${"x".repeat(70_000)}`,
      "$(".repeat(500),
    ])
      expect(decide(command), command.slice(0, 20)).toMatchObject({ allowed: false });
  });
});

describe("where an agent stands decides what a path means", () => {
  test("outside of its folder nothing runs but the way back", () => {
    expect(decide("ls", {}, "/m/projects/sysadmin")).toMatchObject({ allowed: false });
    expect(decide("npm test", {}, "/m/projects")).toMatchObject({ allowed: false });
    expect(decide("cd /m/projects/developer", {}, "/m/projects/sysadmin")).toMatchObject({ allowed: true });
  });

  test("in a folder below, the way up leads to its own folder first", () => {
    expect(decide("cat ../README.md", {}, `${cwd}/src`)).toMatchObject({ allowed: true });
    expect(decide("cat ../../sysadmin/x", {}, `${cwd}/src`)).toMatchObject({ allowed: false });
  });

  test("links count for what they lead to", () => {
    const realPath = (path: string) => path.replace(`${cwd}/link`, "/m/projects/sysadmin");
    expect(decide("cat link/STATE.md", { realPath })).toMatchObject({ allowed: false });
    expect(decide("cd link && ls", { realPath })).toMatchObject({ allowed: false });
    expect(decide("rm link/x", { realPath })).toMatchObject({ allowed: false });
    expect(decide("cat link/out/a", { realPath })).toMatchObject({ allowed: true });
  });

  test("in a repository of its own, the whole history is its own", () => {
    expect(decide("git diff", { sharedRepository: false })).toMatchObject({ allowed: true });
    expect(decide("git show HEAD:README.md", { sharedRepository: false })).toMatchObject({ allowed: true });
  });

  test("in a private copy, all that was laid there may be read and no memo left", () => {
    const copy: Partial<Ground> = { checkout: true, root: "/m", others: [] };
    expect(decide("cat ../sysadmin/anything", copy)).toMatchObject({ allowed: true });
    expect(decide("echo x > ../sysadmin/anything", copy)).toMatchObject({ allowed: false });
    expect(decide("mv a.md memos/outgoing/a.md", copy)).toMatchObject({ allowed: false });
  });
});

test("says whether something would change", () => {
  expect(decide("ls").changes).toBe(false);
  expect(decide("echo x > a.txt").changes).toBe(true);
  expect(decide("rm a.txt").changes).toBe(true);
});
