import type { MisleadingText } from "@memomesh/runbooks";
import { labelled } from "./label.ts";
import type { Layout } from "./layout.ts";
import { paint, type Text } from "./text.ts";

/** What a person does not see for what it is, each with its place. */
export function misleadingLines(found: readonly MisleadingText[], layout: Layout = {}): Text[] {
  return found.flatMap(({ where, line, reason }) => {
    const place = line === undefined ? where : `${where}, line ${line} of the file`;
    return labelled(paint("red", "beware"), `${place}: ${reason}`, layout);
  });
}
