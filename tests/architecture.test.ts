import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/** architecture.md: data comes in at the left; a package may import only what stands left of it. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  guard: ["core"],
  mailbox: ["core"],
  agents: ["core", "guard"],
  quality: ["core", "guard"],
  runbooks: ["core", "guard"],
  mesh: ["core", "guard", "mailbox", "agents", "quality", "runbooks"],
  mcp: ["core", "guard", "mailbox", "agents", "quality", "runbooks", "mesh"],
  cli: ["core", "guard", "mailbox", "agents", "quality", "runbooks", "mesh", "mcp"],
};

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

function imports(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] as string);
}

describe("imports go one way", () => {
  for (const [name, allowed] of Object.entries(mayImport)) {
    test(`${name} imports only ${allowed.join(", ") || "nothing of ours"}`, () => {
      for (const file of sources(join(root, "packages", name, "src"))) {
        for (const specifier of imports(file)) {
          const ours = /^@memomesh\/([a-z]+)/.exec(specifier)?.[1];
          if (ours !== undefined && ours !== name) expect(allowed, `${file} imports ${specifier}`).toContain(ours);
          if (specifier.startsWith(".")) expect(join(file, "..", specifier), file).toContain(join("packages", name));
        }
      }
    });
  }

  test("core touches no file, clock, network or process", () => {
    for (const file of sources(join(root, "packages", "core", "src"))) {
      for (const specifier of imports(file)) {
        expect(specifier, file).not.toMatch(/^node:(?!crypto$|path$)/);
      }
      expect(readFileSync(file, "utf8"), file).not.toMatch(/Date\.now\(|new Date\(\)|process\.|fetch\(/);
    }
  });

  test("every package that exists is named in the rule", () => {
    expect(Object.keys(mayImport).sort()).toEqual(readdirSync(join(root, "packages")).sort());
  });
});
