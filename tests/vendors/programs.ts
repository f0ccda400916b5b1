import { homedir } from "node:os";
import { join } from "node:path";

/** The versions that were seen to work; a newer one is tried by changing it here. */
export const programs = {
  "@anthropic-ai/claude-code": "2.1.329",
  "@google/gemini-cli": "0.61.0",
  "@openai/codex": "0.169.0",
};

const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");

export const vendorFolder = join(cache, "memomesh", "vendors");

export function vendorProgram(name: "claude" | "codex" | "gemini"): string {
  return join(vendorFolder, "node_modules", ".bin", name);
}
