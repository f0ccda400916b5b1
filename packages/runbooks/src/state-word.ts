import type { Standing } from "./step-state.ts";

/** A state in the words of a sentence: "step 2 is …". */
export function stateWord(state: Standing): string {
  switch (state.state) {
    case "pending":
      return "not done";
    case "uncertain":
      return "uncertain (it was started, and nothing tells how it ended)";
    case "unverified":
      return "not checked yet";
    case "by-hand":
      return "done by hand";
    case "failed":
      return state.phase === "run" ? "failed" : `failed in its ${state.phase}`;
    default:
      return state.state;
  }
}
