import { userInfo } from "node:os";
import type { History } from "@memomesh/mesh";

/** The person in whose name decisions are recorded: as git knows them, else as the system does. */
export async function personHere(history: History): Promise<{ name: string; email: string }> {
  return (await history.identity()) ?? { name: userInfo().username, email: "" };
}
