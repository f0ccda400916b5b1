import { risks } from "@memomesh/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Classification, classifyCommand, redact, safeText, unsafeCharacters } from "../src/index.ts";
import { changing } from "./changing-commands.ts";
import { evasions } from "./evasions.ts";
import { harmless } from "./harmless-commands.ts";

const level = ({ risk }: Classification) => risks.indexOf(risk);
const riskOf = (text: string) => level(classifyCommand(text));

/** One line, without quotes of its own, so that it can be put between quotes; and one that a word can be cut from. */
const plain = [...changing, ...evasions, ...harmless]
  .map(([text]) => text)
  .filter((text) => /^[\w./ :@=,-]+$/.test(text));
const single = [...changing, ...evasions, ...harmless]
  .map(([text]) => text)
  .filter((text) => !/['\n]/.test(text) && text.trim() !== "" && !text.startsWith("#"));

const alone = new Map([...plain, ...single].map((text) => [text, riskOf(text)]));
const riskAlone = (text: string) => alone.get(text) as number;

/** Ways to write one character so that bash reads the same. */
const written: readonly ((character: string) => string)[] = [
  (character) => character,
  (character) => `'${character}'`,
  (character) => `"${character}"`,
  (character) => `\\${character}`,
  (character) => `""${character}`,
  (character) => `''${character}`,
  (character) => `$'\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}'`,
  (character) => `\\\n${character}`,
];

describe("writing a program's name in another way", () => {
  const disguised = fc
    .tuple(
      fc.constantFrom(...plain.filter((text) => /^[a-z]/.test(text))),
      fc.infiniteStream(fc.constantFrom(...written)),
    )
    .map(([text, ways]) => {
      const end = text.search(/ |$/);
      const name = [...text.slice(0, end)].map((character) => ways.next().value(character)).join("");
      return { text, same: name + text.slice(end) };
    });

  test("never lowers the risk", () => {
    fc.assert(
      fc.property(disguised, ({ text, same }) => {
        expect(riskOf(same), same).toBeGreaterThanOrEqual(riskAlone(text));
      }),
      { numRuns: 250 },
    );
  });

  test("never lowers the risk by way of a variable", () => {
    for (const text of plain) {
      const [name = "", ...rest] = text.split(" ");
      const same = `PROGRAM=${name}; "$PROGRAM" ${rest.join(" ")}`;
      expect(riskOf(same), same).toBeGreaterThanOrEqual(riskAlone(text));
    }
  });
});

describe("a command is never less risky than alone", () => {
  const around: Readonly<Record<string, (command: string) => string>> = {
    "in sh -c": (command) => `sh -c '${command}'`,
    "in bash -c": (command) => `bash -euo pipefail -c '${command}'`,
    "in eval": (command) => `eval '${command}'`,
    "in sh -c in sh -c": (command) => `sh -c "sh -c '${command.replace(/["$`\\]/g, "\\$&")}'"`,
    "in a here-document of a shell": (command) => `sh <<'END'\n${command}\nEND`,
    "in a text for a shell": (command) => `bash <<< '${command}'`,
    "behind env in a shell": (command) => `env LANG=C sh -c '${command}'`,
    "behind timeout in a shell": (command) => `timeout -k 1 5 sh -c '${command}'`,
    "behind sudo in a shell": (command) => `sudo -u nobody -- sh -c '${command}'`,
    "behind nice nohup in a shell": (command) => `nice -n 5 nohup sh -c '${command}'`,
    "behind xargs in a shell": (command) => `echo x | xargs -n1 sh -c '${command}'`,
    "behind find in a shell": (command) => `find . -exec sh -c '${command}' \\;`,
    "in a substitution": (command) => `echo "$(${command}\n)"`,
    "in a process substitution": (command) => `cat <(${command}\n)`,
    "in a here-document": (command) => `cat <<END\n$(${command}\n)\nEND`,
    "in an assignment": (command) => `X=$(${command}\n)`,
    "in arithmetic": (command) => `echo $((1 + $(${command}\n)))`,
    "in a function": (command) => `work() {\n${command}\n}\nwork`,
    "in a function that is never called": (command) => `work() {\n${command}\n}`,
    "in an if": (command) => `if test -f x; then\n${command}\nfi`,
    "in an else": (command) => `if test -f x; then :; else\n${command}\nfi`,
    "as a condition": (command) => `while ${command}\ndo :; done`,
    "in a loop": (command) => `for i in 1 2; do\n${command}\ndone`,
    "in a case": (command) => `case x in x)\n${command}\n;; esac`,
    "in a subshell": (command) => `(\n${command}\n)`,
    "in braces": (command) => `{\n${command}\n}`,
    "behind &&": (command) => `true && ${command}`,
    "behind a list": (command) => `ls; echo x\n${command}`,
    "before a list": (command) => `${command}\nls`,
    "in a pipe": (command) => `echo x | ${command}`,
    "before a pipe": (command) => `{\n${command}\n} | cat`,
    negated: (command) => `! ${command}`,
    "in the background": (command) => `{\n${command}\n} &`,
    "in a coprocess": (command) => `coproc {\n${command}\n}`,
    "in a trap": (command) => `trap '${command}' EXIT`,
  };

  // Every command stands in a quarter of them, and every fourth command in each: together they would take half a minute.
  test.each(Object.entries(around).map(([name, wrap], turn) => ({ name, wrap, turn })))("$name", ({ wrap, turn }) => {
    for (const command of single.filter((_, index) => (index + turn) % 4 === 0)) {
      // What an outer find puts for it is another path than an inner one would.
      if (wrap === around["behind find in a shell"] && command.includes("{}")) continue;
      const wrapped = wrap(command);
      expect(riskOf(wrapped), wrapped).toBeGreaterThanOrEqual(riskAlone(command));
    }
  });

  const direct: Readonly<Record<string, string>> = {
    env: "env A=1",
    timeout: "timeout 5",
    "timeout with options": "timeout --foreground -k 1 5",
    nohup: "nohup",
    nice: "nice -n 5",
    command: "command",
    "command -p": "command -p",
    busybox: "busybox",
    sudo: "sudo",
    setsid: "setsid",
    stdbuf: "stdbuf -oL",
    exec: "exec",
    xargs: "xargs -I %",
    time: "time",
  };

  const launchers = Object.entries(direct).map(([name, launcher], turn) => ({ name, launcher, turn }));
  test.each(launchers)("behind $name", ({ launcher, turn }) => {
    const commands = plain.filter((text) => /^[a-z][\w-]* /.test(text));
    for (const command of commands.filter((_, index) => (index + turn) % 2 === 0)) {
      // Builtins and assignments mean something else there.
      if (
        /^(?:cd|set|export|eval|trap|exec|read|printf|alias|source|hash|enable|mapfile|complete|coproc|time)\b/.test(
          command,
        )
      )
        continue;
      expect(riskOf(`${launcher} ${command}`), command).toBeGreaterThanOrEqual(riskAlone(command));
    }
  });
});

describe("any text is answered", () => {
  const shellLike = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ..."$ ${ $( ` ' \" \\ ( ) { } [[ ]] (( )) ; & && || | > >> < << <<< <( ! # ~ * ? = :- \n".split(" "),
          " ",
          "\n",
          "\t",
        ),
        fc.constantFrom(
          "if",
          "then",
          "fi",
          "for",
          "in",
          "do",
          "done",
          "case",
          "esac",
          "function",
          "select",
          "coproc",
          "time",
          "EOF",
        ),
        fc.constantFrom(
          "rm",
          "-rf",
          "/",
          "ls",
          "X",
          "sh",
          "-c",
          "env",
          "sudo",
          "eval",
          "cd",
          "..",
          "git",
          "tar",
          "find",
          "-exec",
          "{}",
          "+",
          "1",
        ),
        fc.string({ maxLength: 4 }),
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join(""));

  test("and never thrown at", () => {
    fc.assert(
      fc.property(fc.oneof(shellLike, fc.string({ unit: "binary" })), (text) => {
        const { risk, reasons, readable } = classifyCommand(text);
        expect(risks).toContain(risk);
        if (!readable) expect(risk).toBe("critical");
        for (const { start, end } of reasons) expect(0 <= start && start <= end && end <= text.length).toBe(true);
      }),
      { numRuns: 800 },
    );
  });

  test("and a command in front of it is not forgotten", () => {
    fc.assert(
      fc.property(shellLike, (text) => {
        const classification = classifyCommand(`rm -rf /\n${text}`);
        expect(classification.risk).toBe("critical");
      }),
      { numRuns: 250 },
    );
  });
});

describe("the longest text is looked at to its end", () => {
  const full = (text: string, length = 7_900) => text.repeat(Math.ceil(length / text.length)).slice(0, length);
  const shapes = [
    "a",
    " ",
    "\n",
    "a ",
    "ls\n",
    "ls; ",
    "ls | ",
    "ls && ",
    "$",
    "$(",
    "${",
    "`",
    "'",
    '"',
    "\\",
    "(",
    "{ ",
    "[",
    "[[ ",
    "<(",
    "<<E\n",
    ">",
    "> a ",
    "$a",
    "$a$a ",
    "a=$a$a\n",
    "a=b; ",
    "{a,b}",
    "{1..9}",
    "*",
    "?",
    "~",
    "/",
    "../",
    "a/",
    ".",
    "-",
    "--a ",
    "-a ",
    "=",
    ":",
    "@",
    ",",
    "_",
    "a_",
    "a=",
    "a.",
    "x[",
    "sed ",
    "s/a/",
    "s|",
    "password",
    "password=",
    "a:a@",
    "://",
    "eyJ",
    "-----BEGIN PRIVATE KEY-----",
    "Bearer ",
    "sk-",
    "curl ",
    "curl -u ",
    '"a":',
    "token_",
    "--a-",
    "sh -c ",
    "env ",
    "sudo ",
    "eval ",
    "xargs ",
    "if a; then ",
    "f() { ",
    "cd a; ",
    "X=1 ",
    "for i in ",
    "e\u0301",
    "\u0301",
    "\u200d",
    "👩\u200d",
  ];

  test.each(shapes)("of %j", (shape) => {
    const text = full(shape);
    expect(risks).toContain(classifyCommand(text).risk);
    expect(risks).toContain(classifyCommand(`sed '${text.replaceAll("'", "")}' x`).risk);
    expect(risks).toContain(classifyCommand(`awk '${text.replaceAll("'", "")}' x`).risk);
    expect(risks).toContain(classifyCommand(`X='${text.replaceAll("'", "")}'; psql -c "$X"; cat "$X"`).risk);
    const long = full(shape, 65_000);
    expect(redact(long, { NAME: "hunter2hunter2" }).length).toBeGreaterThan(0);
    expect(unsafeCharacters(safeText(long))).toEqual([]);
  });

  test("in variables that are made of variables", () => {
    const doubling = Array.from({ length: 60 }, (_, index) => `V${index + 1}="$V${index}$V${index}"`).join("\n");
    expect(risks).toContain(classifyCommand(`V0=aaaa\n${doubling}\nrm -rf "$V60"\n`).risk);
  });

  test("in shells in shells", () => {
    const nested = Array.from({ length: 5 }).reduce<string>(
      (inner) => `sh -c ${JSON.stringify(`${inner}; ${inner}`)}`,
      "ls",
    );
    expect(risks).toContain(classifyCommand(nested).risk);
  });
});
