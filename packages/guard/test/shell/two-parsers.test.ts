import { describe, expect, test, vi } from "vitest";
import { classifyCommand } from "../../src/index.ts";
import { readWithGrammar } from "../../src/shell/grammar.ts";
import { guessShell, readPlainShell, readShell } from "../../src/shell/read-shell.ts";
import { everyday } from "../corpus/everyday.ts";

describe("a text of which one parser is known to lose a part is never less than high", () => {
  const lost: readonly string[] = [
    // tree-sitter-bash 0.25.1 takes these for arguments of the command before.
    "ls\n\\rm -rf /",
    "echo a b\n\\reboot",
    "ls | cat\n\\rm -rf /",
    "r\\\nm -rf /",
    "ls; re\\\nboot",
    "ls |\nreboot",
    "ls | cat\nreboot",
    "ls && true |\n\n reboot",
    // unbash 6.0.4 takes these for text.
    "echo ${y/$(rm -rf /)/z}",
    'echo ${y/"$(reboot)"/z}',
    "echo $(( '$(rm -rf /)' ))",
    "(( 'a[$(rm -rf /)]' ))",
    "echo ${a['$(rm -rf /)']}",
    "echo ${x:'$(reboot)':1}",
    // Both read them, and not as the same.
    "cat <<E\nE\nrm -rf /",
    "cat <<'E' \\\nx\nE\nrm -rf /",
    'echo "`echo \\"`rm -rf /`\\"`"',
    "a[$(rm -rf /)]=1",
    "echo x#$(rm -rf /)",
    "echo x #\nrm -rf /",
    "case x in x) ;; esac; rm -rf /",
    "if true; then :; fi; rm -rf /",
    "rm<<<x -rf /",
    ">/dev/null rm -rf /",
    "2>&1 rm -rf /",
    "x=1 rm -rf /",
    "cat - <<E; rm -rf /\nE",
  ];

  test.each(lost)("%j", (text) => {
    expect(classifyCommand(text).risk).toBe("critical");
  });
});

describe("what people write all day", () => {
  test("is readable, but for one line that begins with a backslash", () => {
    expect(everyday.filter((text) => !classifyCommand(text).readable)).toEqual(["cp -f a b\n\\cp -f c d"]);
  });

  test("means the same to the reader of plain text, which knows most of it", () => {
    const readable = everyday.filter((text) => guessShell(text).readable);
    expect(readable.filter((text) => !readPlainShell(text).readable)).toEqual([]);
  });
});

describe("the second parser", () => {
  test("is ended when a text keeps it busy, and reads the next one", () => {
    // Without an end this takes it more than a minute.
    expect(readWithGrammar("$[".repeat(30_000))()).toEqual({ problem: "is too much for the second parser" });
    expect(readWithGrammar("ls -l")()).toHaveProperty("list");
    for (const opener of ["$((", "((", "[[ (", "${x:-", "`$(", "{ (", "case x in (", "<(", "$[", "a[", "$(( ("]) {
      expect(classifyCommand(opener.repeat(8100 / opener.length)).risk, opener).toBe("critical");
    }
    expect(classifyCommand("ls -l somewhere").risk).toBe("low");
  });

  test("is given no text that is longer than anybody reviews", () => {
    expect(readShell(`echo ${"x".repeat(8 * 1024)}`)).toMatchObject({
      readable: false,
      problem: expect.stringMatching(/8192 bytes/),
    });
    expect(readShell(`echo ${"x".repeat(8 * 1024 - 5)}`)).toMatchObject({ readable: true });
  });

  test("is asked about texts within texts too", () => {
    expect(classifyCommand("sh -c 'ls\n\\\\true'").risk).toBe("critical");
    expect(classifyCommand("eval 'echo ${y/$(ls)/z}'").risk).toBe("critical");
  });

  test("is missed in so many words when its files are not there", async () => {
    vi.resetModules();
    const { grammarPlace } = await import("../../src/shell/grammar-place.ts");
    grammarPlace.grammar = () => "file:///nowhere/tree-sitter-bash.wasm";
    const { classifyCommand: classify, decideCommand } = await import("../../src/index.ts");
    const { ground, cwd } = await import("../hook/ground.ts");
    const { risk, readable, reasons } = classify("ls");
    expect({ risk, readable }).toEqual({ risk: "critical", readable: false });
    expect(reasons[0]?.text).toMatch(/second parser, whose grammar could not be loaded: .*nowhere/);
    // What is plain needs no grammar in a hook; whatever is not, does.
    expect(decideCommand("ls src", cwd, ground).allowed).toBe(true);
    expect(decideCommand("case a in a) ls ;; esac", cwd, ground)).toMatchObject({ allowed: false });
    vi.resetModules();
  });
});
