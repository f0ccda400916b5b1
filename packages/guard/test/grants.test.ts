import { describe, expect, test } from "vitest";
import { mayRead, maySend } from "../src/index.ts";

const holder = (id: string, send: readonly string[], read: readonly string[] = []) => ({ id, grants: { send, read } });

describe("a memo may be sent", () => {
  test.each([
    ["to a node that is named", holder("dev", ["ops"]), "ops", true],
    ["to every node when * is granted", holder("dev", ["*"]), "ops", true],
    ["to the operator by everyone", holder("dev", []), "operator", true],
    ["by the operator to everyone", holder("operator", []), "ops", true],
    ["by the mesh to everyone", holder("mesh", []), "ops", true],
    ["to no node that is not named", holder("dev", ["ops"]), "shop", false],
    ["to no node whose name only begins so", holder("dev", ["ops"]), "ops-2", false],
    ["not in the name of everyone by a pattern inside a name", holder("dev", ["o*"]), "ops", false],
    ["not with nothing granted", holder("dev", []), "ops", false],
  ])("%s", (_, sender, recipient, allowed) => {
    expect(maySend(sender, recipient).allowed).toBe(allowed);
  });

  test("or the refusal says what is granted and who can change it", () => {
    expect(maySend(holder("dev", ["ops"]), "shop").reason).toMatch(/dev may not write to shop.*operator, ops.*person/s);
  });
});

describe("a file of another node", () => {
  const cases: readonly (readonly [pattern: string, path: string, allowed: boolean])[] = [
    ["dev/dist/**", "dist/index.html", true],
    ["dev/dist/**", "dist/a/b/c.js", true],
    ["dev/dist/**", "dist", true],
    ["dev/dist/**", "distant/x", false],
    ["dev/dist/**", "src/index.html", false],
    ["dev/dist/*", "dist/index.html", true],
    ["dev/dist/*", "dist/a/b.js", false],
    ["dev/dist/*.html", "dist/index.html", true],
    ["dev/dist/*.html", "dist/index.html.bak", false],
    ["dev/*/index.html", "dist/index.html", true],
    ["dev/*/index.html", "dist/a/index.html", false],
    ["dev/**/index.html", "dist/a/index.html", true],
    ["dev/**/index.html", "index.html", true],
    ["dev/**", "anything/at/all", true],
    ["dev/a*b*c", "axxbyyc", true],
    ["dev/a*b*c", "abc", true],
    ["dev/a*b*c", "acb", false],
    ["dev/a*a", "a", false],
    ["dev/README.md", "README.md", true],
    ["dev/README.md", "readme.md", false],
    ["dev/README.md", "READMExmd", false],
    ["*/dist/**", "dist/x", true],
    ["shop/dist/**", "dist/x", false],
    ["dev", "dist/x", false],
    ["dev/?", "x", true],
    ["dev/?", "xy", false],
    ["dev/**", ".env", false],
    ["dev/**", "a/.ssh/x", false],
    ["dev/.env", ".env", true],
    ["dev/dist/**", "dist/../src/key", false],
    ["dev/**", "dist/../../ops/key", false],
    ["dev/dist/**", "dist/./../src/key", false],
    ["dev/dist/**", "/dist/x", false],
  ];

  test.each(cases)("with the grant %s: %s is %s", (pattern, path, allowed) => {
    expect(mayRead(holder("ops", [], [pattern]), "dev", path).allowed).toBe(allowed);
  });

  test("is always readable by its own node and by the operator", () => {
    expect(mayRead(holder("dev", []), "dev", "src/x").allowed).toBe(true);
    expect(mayRead(holder("operator", []), "dev", "src/x").allowed).toBe(true);
  });

  test("names the grant that allows it, or what a person can add", () => {
    expect(mayRead(holder("ops", [], ["dev/dist/**"]), "dev", "dist/x").reason).toContain("dev/dist/**");
    expect(mayRead(holder("ops", []), "dev", "dist/x").reason).toMatch(/dev\/dist\/x.*grants\.read/s);
  });

  test("is matched against many double stars without trying every way to place them", () => {
    const grant = `dev/${"**/a/".repeat(16)}b`;
    expect(mayRead(holder("ops", [], [grant]), "dev", `${"a/".repeat(400)}c`).allowed).toBe(false);
  });
});
