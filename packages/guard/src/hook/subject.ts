import type { ToolCall } from "./decide-tool.ts";
import { patchPaths } from "./patch-paths.ts";

const named = [
  "command",
  "cmd",
  "file_path",
  "notebook_path",
  "absolute_path",
  "path",
  "dir_path",
  "url",
  "query",
  "memo",
  "pattern",
];

/** What a call is about, in a line for the audit trail: a command, files, an address. Never what a file is to hold. */
export function subjectOf({ tool, input }: Pick<ToolCall, "tool" | "input">): string {
  if (tool === "apply_patch") return patchPaths(String(input.command ?? input.input ?? ""))?.join(", ") ?? "";
  const value = named.map((name) => input[name]).find((each) => typeof each === "string" || Array.isArray(each));
  return Array.isArray(value) ? value.join(" ") : typeof value === "string" ? value : "";
}
