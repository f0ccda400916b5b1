import { fileTools } from "../session/file-tools.ts";
import { proposeChange } from "../session/propose-tool.ts";
import { type SessionTool, sessionTools } from "../session/tools.ts";

/** The tools that a program does not bring itself. */
export const memoTools: readonly SessionTool[] = [
  proposeChange,
  ...sessionTools.filter((tool) => !fileTools.includes(tool)),
];

export const memoToolNames: readonly string[] = memoTools.map(({ name }) => name);
