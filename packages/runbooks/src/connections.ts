import type { SshTarget } from "@memomesh/core";
import { SshConnection } from "./ssh-connection.ts";

/** The connections of one review, by target. */
export class Connections {
  readonly #open = new Map<string, Promise<SshConnection>>();

  /** The connection to a target; the same one for the same place and pinned keys. */
  to(target: SshTarget): Promise<SshConnection> {
    const key = JSON.stringify(target);
    const known = this.#open.get(key) ?? SshConnection.prepare(target);
    this.#open.set(key, known);
    return known;
  }

  async close(): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    for (const connection of all) await (await connection).close();
  }
}
