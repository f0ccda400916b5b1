import { isFromOutside } from "@memomesh/core";
import type { SessionKnowledge } from "../agent.ts";

/** Whether a session is shown words from outside of the mesh, in its memo or in the thread. */
export function hasOutside({ memo, thread }: Pick<SessionKnowledge, "memo" | "thread">): boolean {
  return [memo, ...thread].some(({ header }) => isFromOutside(header));
}

/** What becomes of what such a session may not do by itself; the mesh sees to it. */
export const proposed =
  "this session has read words from outside of the mesh, so it is proposed to the operator instead.";
