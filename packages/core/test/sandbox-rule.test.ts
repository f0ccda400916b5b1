import { expect, it } from "vitest";
import { parseMeshConfig, sandboxRule } from "../src/index.ts";

const rule = (yaml: string) => sandboxRule(parseMeshConfig(yaml, "mesh.yml"));
const live = "targets: { web: { path: /srv, production: true } }\n";

it("requires a sandbox where a target is in production, unless mesh.yml says otherwise", () => {
  expect(rule("name: m\n")).toBe("when-possible");
  expect(rule("targets: { web: { path: /srv } }\n")).toBe("when-possible");
  expect(rule(live)).toBe("required");
  expect(rule(`${live}policy: { sandbox: when-possible }\n`)).toBe("when-possible");
  expect(rule("policy: { sandbox: off }\n")).toBe("off");
  expect(() => rule("policy: { sandbox: always }\n")).toThrow(/sandbox "always" is not known; expected required/);
});
