import { expect, test } from "vitest";
import { parseMeshConfig } from "../src/index.ts";
import { refusal } from "./refusal.ts";

const read = (roles: string) => parseMeshConfig(`name: studio\nroles: ${roles}\n`, "mesh.yml").roles;

test("a role is given to an agent by its name, or by tier and temperature", () => {
  expect(read("{ architect: opus, engineer: { tier: standard, temperature: 0.2 } }")).toEqual({
    architect: { agent: "opus" },
    engineer: { tier: "standard", temperature: 0.2 },
  });
  expect(parseMeshConfig("name: studio", "mesh.yml").roles).toEqual({});
});

test.each([
  ["{ architekt: opus }", /architekt is not known; did you mean "architect"\?/],
  ["{ architect: { temperature: 3 } }", /temperature 3 cannot be used; expected a number from 0 to 2/],
  ["{ quality: auto }", /roles.quality "auto" cannot be used; expected an agent.s name/],
])("says what is wrong with %s, and where", (roles, reason) => {
  const error = refusal(() => read(roles));
  expect(error.place).toEqual({ file: "mesh.yml", line: 2 });
  expect(error.message).toMatch(reason);
});
