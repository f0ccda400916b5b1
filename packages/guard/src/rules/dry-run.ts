import { finding } from "../call.ts";
import { given } from "../options.ts";
import type { Rule } from "../program.ts";
import { leadOf, textOf } from "../shell/argument.ts";

/** How a program is told only to show what it would do. */
interface DryRun {
  /** Any of these options says so. */
  readonly options: string;
  /** What such an option must be given; without it, it takes no value. */
  readonly value?: RegExp;
  /** Options that change nothing about that. With any other one nobody knows. */
  readonly others: string;
}

/** For programs that change live infrastructure, unless it is certain that they are only to show what would change. */
export function actsUnlessDry({ options, value, others }: DryRun): Rule {
  return (call, parsed) => {
    const dry = given(parsed, options);
    const meant = dry.every(
      (option) => value === undefined || value.test((option.value && textOf(option.value)) ?? ""),
    );
    const known = new Set([...dry, ...given(parsed, others)]);
    const certain = meant && !parsed.unsure && parsed.options.every((option) => known.has(option));
    return dry.length > 0 && certain
      ? [finding(call, "medium", ["read", "live-infrastructure"], "asks live infrastructure what would change")]
      : [finding(call, "high", ["live-infrastructure"], "acts on live infrastructure")];
  };
}

/** `helm template`: a chart that is not named as a folder may be fetched. */
export const fetchesChart: Rule = (call, { operands, options }) => {
  const chart = operands.at(-1);
  const here = chart !== undefined && /^\.{0,2}\//.test(leadOf(chart));
  const far = options.some(({ value }) => value !== undefined && leadOf(value).includes("://"));
  return here && !far ? [] : [finding(call, "medium", ["network"], "may fetch what it renders", chart ?? call)];
};
