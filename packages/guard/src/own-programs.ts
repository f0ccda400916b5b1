import type { Risk } from "@memomesh/core";
import { type Call, finding } from "./call.ts";
import type { Effect, Finding } from "./classification.ts";
import { textOf } from "./shell/argument.ts";

/** What `mesh.yml` says about a program, or about a subcommand of it. */
export interface OwnRule {
  readonly risk: Risk;
  readonly effects: readonly Effect[];
  /** Behind the program's name: "releases the shop". */
  readonly does?: string | undefined;
  /** False: agents may not run it themselves, whatever else is known. True needs `lower`. */
  readonly mayAgentRun?: boolean | undefined;
  /** The operator's reason to rely on this instead of what the guard knows. Without it a rule can only raise the risk. */
  readonly lower?: { readonly reason: string } | undefined;
}

export interface OwnProgram extends OwnRule {
  readonly commands?: Readonly<Record<string, OwnRule>> | undefined;
}

/** By the program's name. */
export type OwnPrograms = Readonly<Record<string, OwnProgram>>;

/**
 * What becomes of the findings about a call when `mesh.yml` has something to say about its program.
 *
 * @param known what the guard's own tables say
 */
export function withOwnRules(
  own: OwnPrograms,
  name: string,
  call: Call,
  known: readonly Finding[],
): readonly Finding[] {
  const lowering = loweringRule(own, name, call);
  if (lowering !== undefined) {
    // A program that hides among its arguments was not meant.
    const hidden = call.into.hidden(call.args, call).filter(({ risk }) => risk === "critical");
    return [ownFinding(call, lowering), ...hidden];
  }
  return [...known, ...rulesFor(own, name, call).map((rule) => ownFinding(call, rule))];
}

/** Every rule that may be meant, for a subcommand may stand behind options with values. */
export function rulesFor(own: OwnPrograms, name: string, { args }: Pick<Call, "args">): readonly OwnRule[] {
  const base = name.slice(name.lastIndexOf("/") + 1);
  if (!Object.hasOwn(own, base)) return [];
  const program = own[base] as OwnProgram;
  const words = new Set(args.map((argument) => textOf(argument)));
  const named = Object.entries(program.commands ?? {}).filter(([command]) => words.has(command));
  // The rule around the subcommands is for those that it does not name.
  return named.length === 0 ? [program] : named.map(([, rule]) => rule);
}

/** The one rule that is certainly meant and that the operator relies on: that of the first word behind a bare name. */
export function loweringRule(own: OwnPrograms, name: string, { args }: Pick<Call, "args">): OwnRule | undefined {
  if (!Object.hasOwn(own, name)) return undefined;
  const program = own[name] as OwnProgram;
  const first = args[0] && textOf(args[0]);
  const commands = program.commands ?? {};
  const rule = first !== undefined && Object.hasOwn(commands, first) ? commands[first] : program;
  const [only, ...others] = rulesFor(own, name, { args });
  return rule?.lower !== undefined && only === rule && others.length === 0 ? rule : undefined;
}

function ownFinding(call: Call, { risk, effects, does, lower }: OwnRule): Finding {
  const says = does ?? `has this risk by the rules of mesh.yml`;
  return finding(call, risk, effects, lower === undefined ? says : `${says} (mesh.yml: ${lower.reason})`);
}
