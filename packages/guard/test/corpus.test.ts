import { risks } from "@memomesh/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkChangePath, classifyCommand, decideCommand } from "../src/index.ts";
import { attacks as tricks } from "./corpus/commands.ts";
import { deeds } from "./corpus/deeds.ts";
import { everyday } from "./corpus/everyday.ts";
import { paths } from "./corpus/paths.ts";
import { agentMay, ordinary, overlooked } from "./corpus/strangers.ts";
import { cwd, ground } from "./hook/ground.ts";

const level = (risk: string) => (risks as readonly string[]).indexOf(risk);
const riskOf = (text: string) => level(classifyCommand(text).risk);
const attacks = [...tricks, ...deeds, ...overlooked];
const all = attacks.flatMap(({ commands }) => commands);

describe.each(attacks)("$kind", ({ risk, because, commands }) => {
  test.each(commands.map((command) => [JSON.stringify(command), command]))("%s", (_, command) => {
    const found = classifyCommand(command);
    expect(level(found.risk), JSON.stringify(found.reasons)).toBeGreaterThanOrEqual(level(risk.replace("+", "")));
    if (because instanceof RegExp) expect(found.reasons.map(({ text }) => text).join("\n")).toMatch(because);
    else if (found.readable) expect(found.effects).toContain(because);
    for (const { start, end } of found.reasons) expect(command.slice(start, end).length).toBe(end - start);
  });
});

describe.each(ordinary)("$kind", ({ most, commands }) => {
  test.each(commands.map((command) => [JSON.stringify(command), command]))("%s", (_, command) => {
    const { risk, reasons } = classifyCommand(command);
    expect(level(risk), JSON.stringify(reasons)).toBeLessThanOrEqual(level(most));
  });
});

test.each(agentMay)("an agent may run %j", (command) => {
  expect(decideCommand(command, cwd, ground)).toMatchObject({ allowed: true });
});

test("no agent may run any of them itself, but what lints or builds its project runs what that says", () => {
  const run = all.filter((command) => decideCommand(command, cwd, ground).allowed);
  expect(run).toEqual(["make -f x", "markdownlint --rules ./x a.md"]);
});

describe("a path of a changeset", () => {
  test.each(paths)("%j is refused because of %s", (path, because) => {
    const { allowed, reason } = checkChangePath(path);
    expect(allowed, reason).toBe(because === "fine");
    if (because !== "fine") expect(reason).toMatch(because);
  });
});

describe("whatever is put around a command", () => {
  const wrappers: readonly ((command: string) => string)[] = [
    (command) => `{\n${command}\n}`,
    (command) => `(\n${command}\n)`,
    (command) => `if true; then\n${command}\nfi`,
    (command) => `for i in 1 2; do\n${command}\ndone`,
    (command) => `echo "$(\n${command}\n)"`,
    (command) => `work() {\n${command}\n}`,
    (command) => `sh <<'END_OF_IT'\n${command}\nEND_OF_IT`,
    (command) => `sh -c '${command.replaceAll("'", "'\\''")}'`,
    (command) => `timeout 5 bash -c '${command.replaceAll("'", "'\\''")}'`,
    (command) => `ls && {\n${command}\n}`,
    (command) => `{\n${command}\n} > out.txt`,
  ];
  const commands = fc.constantFrom(...all, ...everyday);
  const around = fc.array(fc.constantFrom(...wrappers), { minLength: 1, maxLength: 3 });

  test("it is never less risky than alone", () => {
    fc.assert(
      fc.property(commands, around, (command, chosen) => {
        const wrapped = chosen.reduce((inner, wrap) => wrap(inner), command);
        expect(riskOf(wrapped), wrapped).toBeGreaterThanOrEqual(riskOf(command));
      }),
      { numRuns: 400 },
    );
  });

  test("quoting the program's name differently never lowers the risk", () => {
    const named = [...all, ...everyday].filter(
      (text) => /^[a-z][\w.-]* /.test(text) && !/^(?:if|for|while|until|case|function|time|select|coproc)\b/.test(text),
    );
    const ways = [
      (c: string) => c,
      (c: string) => `'${c}'`,
      (c: string) => `"${c}"`,
      (c: string) => `\\${c}`,
      (c: string) => `''${c}`,
    ];
    fc.assert(
      fc.property(fc.constantFrom(...named), fc.infiniteStream(fc.constantFrom(...ways)), (text, stream) => {
        const end = text.indexOf(" ");
        const name = [...text.slice(0, end)].map((character) => stream.next().value(character)).join("");
        expect(riskOf(name + text.slice(end)), name + text.slice(end)).toBeGreaterThanOrEqual(riskOf(text));
      }),
      { numRuns: 600 },
    );
  });
});
