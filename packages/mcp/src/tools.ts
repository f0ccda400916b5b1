import type { Tool } from "./tool.ts";
import { ask } from "./tools/ask.ts";
import { complete } from "./tools/complete-memo.ts";
import { grantedFiles, readFile } from "./tools/files.ts";
import { inbox } from "./tools/inbox.ts";
import { recordLesson, searchLessons } from "./tools/lessons.ts";
import { readMemo } from "./tools/read-memo.ts";
import { reply } from "./tools/reply.ts";
import { runbookCheck } from "./tools/runbook-check.ts";
import { runbookDraft } from "./tools/runbook-draft.ts";
import { send } from "./tools/send-memo.ts";
import { state, updateState } from "./tools/state.ts";
import { status } from "./tools/status.ts";
import { why } from "./tools/why.ts";

/** Everything that a client can do. There is none that runs a command, and none that approves one. */
export const tools: readonly Tool[] = [
  ...[status, state, inbox, readMemo, searchLessons, why, grantedFiles, readFile],
  ...[send, reply, ask, complete, runbookDraft, runbookCheck, updateState, recordLesson],
];
