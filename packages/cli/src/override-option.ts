import { InvalidArgumentError, Option } from "commander";

/** `--override-gate <reason>`: a person approves what the quality gate does not let pass, and says why. */
export function overrideOption(): Option {
  const says = "approve although the quality gate says no; the reason is recorded under your name";
  return new Option("--override-gate <reason>", says).argParser((reason: string) => {
    if (reason.trim() !== "") return reason.trim();
    throw new InvalidArgumentError("Expected a reason in words.");
  });
}
