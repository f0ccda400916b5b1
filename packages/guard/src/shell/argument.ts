import type { Place } from "../classification.ts";
import type { SimpleCommand } from "./command.ts";

/** An argument as a program gets it, as far as that can be known. */
export interface Argument extends Place {
  readonly parts: readonly Part[];
}

export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "glob"; readonly text: string }
  | { readonly kind: "root"; readonly name: RootName }
  /** Open: it may be several arguments, or none. `from`: the commands that print it, or write the file that it names; `stream`: it is such a file, `<(…)`. */
  | {
      readonly kind: "unknown";
      readonly open: boolean;
      readonly from?: readonly SimpleCommand[];
      readonly stream?: true;
    };

/** The folders that every step is given by name. `SITE` is where it works, `TMPDIR` its own place for a moment. */
export const rootNames = ["SITE", "MESH", "TMPDIR", "HOME"] as const;
export type RootName = (typeof rootNames)[number];

/** The whole text, when all of it is known. A pattern is no known text. */
export function textOf({ parts }: Pick<Argument, "parts">): string | undefined {
  let text = "";
  for (const part of parts) {
    if (part.kind !== "text") return undefined;
    text += part.text;
  }
  return text;
}

/** The known text before the first part that is not. */
export function leadOf({ parts }: Pick<Argument, "parts">): string {
  let lead = "";
  for (const part of parts) {
    if (part.kind !== "text") break;
    lead += part.text;
  }
  return lead;
}

/** The argument without its first `length` characters, which must be known. */
export function after(argument: Argument, length: number): Argument {
  let left = length;
  const parts = argument.parts.flatMap((part): Part[] => {
    if (left === 0 || part.kind !== "text") return [part];
    const cut = Math.min(left, part.text.length);
    left -= cut;
    return [{ kind: "text", text: part.text.slice(cut) }];
  });
  return { ...argument, parts };
}

/** Whether it may become several arguments, or none. */
export function isOpen({ parts }: Pick<Argument, "parts">): boolean {
  return parts.some((part) => part.kind === "unknown" && part.open);
}

/** An argument of known text. */
export function textArgument(text: string, { start, end }: Place): Argument {
  return { parts: [{ kind: "text", text }], start, end };
}

/** An argument of which nothing is known. */
export function unknownArgument({ start, end }: Place, open: boolean): Argument {
  return { parts: [{ kind: "unknown", open }], start, end };
}

/** Several arguments as one text, as `eval` and `ssh` make of them. */
export function joinedArguments(args: readonly Argument[]): Argument {
  const parts = args.flatMap((argument, index): readonly Part[] =>
    index === 0 ? argument.parts : [{ kind: "text", text: " " }, ...argument.parts],
  );
  return { parts, start: args[0]?.start ?? 0, end: args.at(-1)?.end ?? 0 };
}

/** The argument as a reviewer knows it: patterns as written, `$SITE` by name, `…` for what is not known. */
export function shown({ parts }: Pick<Argument, "parts">): string {
  const text = parts.map((part) => {
    if (part.kind === "root") return `$${part.name}`;
    return part.kind === "unknown" ? "…" : part.text;
  });
  const whole = text.join("").replace(/\s+/g, " ");
  return whole.length > 80 ? `${whole.slice(0, 79)}…` : whole;
}
