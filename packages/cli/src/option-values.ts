import { InvalidArgumentError } from "commander";

/** Reads an option that takes a count of at least 1. */
export function readCount(value: string): number {
  const count = Number(value);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError("Expected a whole number above 0.");
}

/** Reads an option that takes how often something may be tried: 0 to 9. */
export function readRounds(value: string): number {
  if (/^\d$/.test(value)) return Number(value);
  throw new InvalidArgumentError("Expected a whole number from 0 to 9.");
}

/** Reads an option that may be given several times, or once with commas; it never swallows the argument behind it. */
export function readNames(value: string, before: readonly string[] = []): readonly string[] {
  return [
    ...before,
    ...value
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
  ];
}

const lengths = { minute: 60, hour: 3600, day: 86_400, week: 604_800, month: 2_629_800, year: 31_557_600 } as const;

/** Reads an option that takes a point in time: `2026-11-21`, `2026-11-21T10:12`, or `3 days ago`. */
export function readTime(value: string): Date {
  const [, count, unit] = /^(\d+) ?(minute|hour|day|week|month|year)s?(?: ago)?$/i.exec(value.trim()) ?? [];
  if (unit !== undefined)
    return new Date(Date.now() - Number(count) * lengths[unit.toLowerCase() as keyof typeof lengths] * 1000);
  // A date alone means the beginning of that day here, not in Greenwich.
  const time = new Date(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00` : value);
  if (/^\d{4}-/.test(value) && !Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError("Expected a date such as 2026-11-21, or 3 days ago.");
}
