import { type Call, finding } from "../call.ts";
import type { Finding } from "../classification.ts";
import { textOf } from "../shell/argument.ts";

/** Calls that only look, but on another machine: a reviewer need not mind them, an agent has no network. */
const asking: Readonly<Record<string, string>> = {
  git: "ls-remote",
  "npm pnpm yarn": "view info show v outdated audit search find ping whoami",
  "brew apt dnf yum": "search info show list",
  getent: "hosts ahosts ahostsv4 ahostsv6 networks",
};

export function asksOut(call: Call, name: string): readonly Finding[] {
  const words = Object.entries(asking).find(([names]) =>
    names.split(" ").includes(name.replace(/\d+(?:\.\d+)*$/, "")),
  )?.[1];
  if (words === undefined) return [];
  const asks = call.args.some((argument) => words.split(" ").includes(textOf(argument) ?? ""));
  return asks ? [finding(call, "medium", ["network"], "asks another machine")] : [];
}
