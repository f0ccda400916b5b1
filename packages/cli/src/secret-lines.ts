import type { SecretCommand } from "@memomesh/mesh";
import { paint, type Text, text } from "./text.ts";

export function secretData({ acceptance, ...secret }: SecretCommand) {
  return { ...secret, accepted: acceptance ?? null };
}

/** A command that prints a secret, as a person accepts it. */
export function secretLines({ name, command, acceptance }: SecretCommand): Text[] {
  const standing =
    acceptance === undefined
      ? paint("yellow", "not accepted")
      : text`${paint("green", "accepted")} by ${acceptance.by.name} at ${acceptance.at}`;
  return [
    text`${paint("bold", name)}  ${standing}`,
    ...command.split("\n").map((line) => text`  ${paint("cyan", line)}`),
  ];
}
