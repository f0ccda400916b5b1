import { Exit } from "@memomesh/core";
import type { MeshEvent } from "@memomesh/mesh";
import { type Answer, type Attendance, type Conversation, writtenFor } from "@memomesh/mesh/ask";
import { answerLines } from "./answer-lines.ts";
import { eventLines } from "./event-line.ts";
import type { Output } from "./output.ts";
import { paint, text } from "./text.ts";

/** Progress goes to standard error, so that what stands in a pipe is the answer. */
export function attendanceOf(
  output: Output,
  command: Attendance["command"],
  signal: AbortSignal,
): Attendance & { followed(): boolean } {
  let followed = false;
  return {
    command,
    signal,
    followed: () => followed,
    onFollow: (who) => {
      followed = true;
      output.note(paint("dim", text`${who}; it does the work, and the files tell how far it is`));
    },
    onEvent: (event) => tell(output, event),
  };
}

const untold: ReadonlySet<MeshEvent["kind"]> = new Set(["started", "delivered", "committed", "session-finished"]);

function tell(output: Output, event: MeshEvent): void {
  if (event.kind === "session-progress") output.note(paint("dim", text`  ${event.text}`));
  else if (!untold.has(event.kind))
    for (const line of eventLines(event, { width: output.columns, time: false })) output.note(line);
}

/** Says something, and shows what comes of it. */
export async function sayAndShow(
  conversation: Conversation,
  words: string,
  output: Output,
  attendance: ReturnType<typeof attendanceOf>,
): Promise<Answer> {
  const answer = await conversation.say(words, attendance);
  const { mesh, node } = conversation;
  const isOver = answer.standing === "done" || answer.standing === "prepared";
  const files = isOver ? await writtenFor(mesh, node, answer.memo, attendance.followed()) : [];
  output.data({ ...answer, files });
  for (const line of answerLines(answer, files)) output.line(line);
  return answer;
}

/** What the command ends with. */
export function exitOf({ standing }: Answer): number {
  if (standing === "waiting") return Exit.tryAgain;
  return ["failed", "rejected", "declined"].includes(standing) ? Exit.failed : Exit.done;
}
