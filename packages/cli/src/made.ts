import { basename, dirname } from "node:path";
import type { Made } from "@memomesh/mesh";
import { shown } from "./here.ts";
import { paint, type Text, table } from "./text.ts";

/** What became of files, one line each; folders that are only kept by a placeholder are shown as folders. */
export function madeLines(made: readonly Made[]): Text[] {
  const styles = { created: "green", extended: "yellow", kept: "dim" } as const;
  const name = (path: string) => (basename(path) === ".gitkeep" ? `${shown(dirname(path))}/` : shown(path));
  return table(
    made.map(({ path, state }) => [paint(styles[state], state), name(path)]),
    2,
  );
}
