import { describe, expect, test } from "vitest";
import { classifyCommand } from "../src/index.ts";
import { tables } from "../src/programs/table.ts";

const entries = Object.entries(tables).flatMap(([table, programs]) =>
  Object.entries(programs).map(([names, program]) => ({ table, names: names.split(" "), program })),
);

describe("an entry of the program tables", () => {
  for (const { table, names, program } of entries) {
    test(`${table}: ${names[0]} is what its examples say`, () => {
      const { examples } = program;
      const found = Object.keys(examples).map((command) => [command, classifyCommand(command).risk]);
      expect(found.length).toBeGreaterThan(0);
      expect(Object.fromEntries(found)).toEqual(examples);
    });
  }
});

describe("the program tables", () => {
  test("know every name once", () => {
    const all = entries.flatMap(({ names }) => names);
    expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
  });
});
