import { parseMeshConfig } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import { checksOnly, chooseSecond } from "../src/choose-second.ts";

const agents = `agents:
  claude: { provider: anthropic }
  cc: { provider: claude-code }
  opus: { provider: bedrock, model: global.anthropic.claude-opus-5-5 }
  codex: { provider: codex }
  gpt: { provider: openai }
  gemini: { provider: gemini }
  house: { provider: openai, baseUrl: "http://127.0.0.1:8000/v1", model: house-7b, local: true }
`;

function second(author: string, { wanted, sensitive = false }: { wanted?: string; sensitive?: boolean } = {}) {
  const option = wanted === undefined ? "" : `secondOpinion: { agent: ${wanted} }\n`;
  return chooseSecond(parseMeshConfig(`name: m\n${agents}${option}`, "mesh.yml"), author, sensitive);
}

describe("the second agent", () => {
  test.each([
    ["offline", "claude"],
    ["claude", "gpt"],
    ["cc", "gpt"],
    ["opus", "gpt"],
    ["gpt", "claude"],
    ["codex", "claude"],
    ["gemini", "claude"],
  ])("for work of %s is the first model of another vendor: %s", (author, chosen) => {
    expect(second(author)).toBe(chosen);
  });

  test("is the one that mesh.yml names, of whatever vendor, but never the author itself", () => {
    expect(second("claude", { wanted: "opus" })).toBe("opus");
    expect(second("gpt", { wanted: "gpt" })).toBe("claude");
  });

  test("is a program of another vendor where no model is, but no command that nobody has named", () => {
    const programs = "  cc: { provider: claude-code }\n  own: { provider: command, command: [x] }\n";
    const config = (more: string) => parseMeshConfig(`name: m\nagents:\n${programs}${more}`, "mesh.yml");
    expect(chooseSecond(config("  codex: { provider: codex }\n"), "cc", false)).toBe("codex");
    expect(chooseSecond(config("  codex: { provider: codex }\n  gpt: { provider: openai }\n"), "cc", false)).toBe(
      "gpt",
    );
    expect(chooseSecond(config(""), "cc", false)).toBeUndefined();
    expect(chooseSecond(config("secondOpinion: { agent: own }\n"), "cc", false)).toBe("own");
    expect(checksOnly(config(""), "cc")).toContain("own is not asked: nobody knows what it asks; name it");
  });

  test("keeps its name when mesh.yml does not have it, so that somebody hears of the mistake", () => {
    expect(second("claude", { wanted: "gtp" })).toBe("gtp");
  });

  test("is local for what is sensitive, whatever mesh.yml names", () => {
    expect(second("claude", { sensitive: true })).toBe("house");
    expect(second("claude", { sensitive: true, wanted: "gpt" })).toBe("house");
    expect(second("house", { sensitive: true })).toBeUndefined();
  });

  test("is the offline opinion when there is no other vendor", () => {
    const config = parseMeshConfig(
      "name: m\nagents:\n  a: { provider: anthropic }\n  b: { provider: claude-code }\n",
      "mesh.yml",
    );
    expect(chooseSecond(config, "a", false)).toBeUndefined();
    expect(chooseSecond(parseMeshConfig("name: m", "mesh.yml"), "offline", false)).toBeUndefined();
  });
});
