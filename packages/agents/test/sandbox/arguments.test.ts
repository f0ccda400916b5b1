import { describe, expect, test } from "vitest";
import { bubblewrapArguments } from "../../src/sandbox/bubblewrap.ts";
import { type Confinement, mountsOf } from "../../src/sandbox/confinement.ts";
import { seatbeltProfile } from "../../src/sandbox/seatbelt.ts";

const confinement: Confinement = {
  read: ["/opt/agent", "/home/me/checkout"],
  write: ["/home/me/checkout/projects/shop"],
  fixed: ["/home/me/checkout/projects/shop/.git"],
  hidden: ["/opt/agent/mesh", "/srv/elsewhere"],
  cwd: "/home/me/checkout/projects/shop",
  network: { kind: "hosts", folder: "/tmp/p", port: 4711 },
};

/** The arguments of an option, for each time that it is there. */
function uses(args: readonly string[], option: string): string[][] {
  return args.flatMap((arg, index) => (arg === option ? [args.slice(index + 1, index + 3)] : []));
}

describe("the places of a sandbox", () => {
  test("stand in the order in which one covers the other", () => {
    const paths = mountsOf(confinement).map(({ kind, path }) => `${kind} ${path}`);
    expect(paths).toEqual([
      "read /opt/agent",
      "read /home/me/checkout",
      "hidden /opt/agent/mesh",
      "write /home/me/checkout/projects/shop",
      "fixed /home/me/checkout/projects/shop/.git",
    ]);
  });

  test("hide a folder that is to be read and to be hidden", () => {
    const both = mountsOf({ ...confinement, read: ["/mesh"], write: [], fixed: [], hidden: ["/mesh"] });
    expect(both.at(-1)).toEqual({ path: "/mesh", kind: "hidden" });
  });
});

describe("the arguments for bubblewrap", () => {
  const args = bubblewrapArguments(confinement, 1000);

  test("unshare everything and end with the parent", () => {
    const all = ["user", "ipc", "pid", "net", "uts"].map((name) => `--unshare-${name}`);
    expect(args).toEqual(expect.arrayContaining([...all, "--die-with-parent"]));
    expect(uses(args, "--uid")[0]?.[0]).toBe("1000");
  });

  test("make one folder writable, and show neither the whole of /etc nor of /home", () => {
    expect(uses(args, "--bind")).toEqual([[confinement.cwd, confinement.cwd]]);
    const shown = uses(args, "--ro-bind-try").map(([path]) => path);
    for (const path of ["/", "/etc", "/home", "/home/me", "/run", "/var", "/etc/shadow"])
      expect(shown).not.toContain(path);
  });

  test("keep the machine's network only for a program of which nobody knows whom it asks", () => {
    const open = bubblewrapArguments({ ...confinement, network: { kind: "open" } }, 1000);
    expect(open).not.toContain("--unshare-net");
    expect(open).not.toContain("/tmp/p");
  });
});

test("the profile for macOS denies first and allows what is named", () => {
  const profile = seatbeltProfile({ ...confinement, write: ['/Users/me/a "b"'], fixed: [] });
  const lines = profile.split("\n");
  expect(lines.slice(0, 3)).toEqual(["(version 1)", "(allow default)", "(deny file-write*)"]);
  expect(lines).toContain('(deny file-read* file-write* (subpath "/Users"))');
  expect(lines).toContain('(allow file-read* file-write* (subpath "/Users/me/a \\"b\\""))');
  expect(lines.indexOf('(deny file-read* file-write* (subpath "/Users"))')).toBeLessThan(
    lines.indexOf('(allow file-read* file-write* (subpath "/Users/me/a \\"b\\""))'),
  );
  expect(lines.at(-2)).toBe("(deny network*)");
  expect(lines.at(-1)).toBe('(allow network-outbound (remote ip "localhost:4711"))');
});

test("the profile for macOS lets nothing outside of the sandbox act for the program, nor tell it what others have", () => {
  const lines = seatbeltProfile({ ...confinement, write: [], fixed: [] }).split("\n");
  const deeds = ["job-creation", "lsopen", "appleevent-send", "user-preference-write", "process-info*", "signal"];
  for (const deed of deeds) expect(lines).toContain(`(deny ${deed})`);
  expect(lines.join("\n")).toMatch(/\(deny mach-lookup \(global-name "com\.apple\.SecurityServer"\)/);
  for (const folder of ["/Users", "/private/tmp", "/private/var/folders"])
    expect(lines).toContain(`(deny file-read* file-write* (subpath "${folder}"))`);
});

test("the profile for macOS keeps what is fixed in its place, also when the folder around it is moved", () => {
  const shop = "/Users/me/shop";
  const profile = seatbeltProfile({ ...confinement, write: [shop], fixed: [`${shop}/.claude/hooks/guard.sh`] });
  const [place, ...around] = profile.split("\n").filter((line) => line.includes(`${shop}/.claude`));
  expect(place).toBe(`(deny file-write* (subpath "${shop}/.claude/hooks/guard.sh"))`);
  expect(around).toEqual([
    `(deny file-write-unlink (literal "${shop}/.claude/hooks"))`,
    `(deny file-write-unlink (literal "${shop}/.claude"))`,
  ]);
});

test("the profile for macOS is one list of rules after another, whatever a path is called", () => {
  const profile = seatbeltProfile({ ...confinement, write: ['/Users/me/a ")(\\ b'] });
  const atoms = profile.replace(/"(?:[^"\\]|\\.)*"/g, "x");
  expect(
    atoms
      .replace(/[\w\s*-]/g, "")
      .replace(/\(\)/g, "")
      .replace(/\(\)/g, "")
      .replace(/\(\)/g, ""),
  ).toBe("");
});
