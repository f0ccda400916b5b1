import { type FailureKind, ModelFailure } from "../model.ts";

/** A vendor's no, as far as its SDK tells. */
export interface Refusal {
  /** HTTP status; undefined when there was none. */
  readonly status: number | undefined;
  /** The vendor's own words for the kind of error: names, types and codes. */
  readonly code: string;
  readonly message: string;
  /** A header of the answer. */
  header(name: string): string | null | undefined;
}

const tooLong =
  /context.?(?:length|window)|(?:prompt|input) is too long|too many (?:input |total )?tokens|input token count|maximum context|request.?too.?large/i;
const wrongKey =
  /api.?key.{0,20}(?:invalid|not valid|expired)|API_KEY_INVALID|security token|ExpiredToken|UnrecognizedClient/i;
const noSuchModel = /model.?not.?found|model identifier is invalid|ResourceNotFound|not_found_error/i;

/** What a refusal means for a session. Statuses decide; vendors that give 400 for everything are told apart by their words. */
export function kindOf({ status, code, message }: Pick<Refusal, "status" | "code" | "message">): FailureKind {
  const told = `${code} ${message}`;
  if (status === undefined) return kindOfWords(code);
  if (status === 429) return /insufficient_quota|billing/i.test(code) ? "request" : "rate";
  if (status >= 500 || status === 408 || status === 409 || status === 424 || status === 425) return "unavailable";
  if (status === 401 || status === 403 || wrongKey.test(told)) return "login";
  if (tooLong.test(told) || status === 413) return "too-long";
  return status === 404 || noSuchModel.test(told) ? "model" : "request";
}

/** Errors that come within a stream have no status. */
function kindOfWords(code: string): FailureKind {
  if (/rate.?limit|throttl|RESOURCE_EXHAUSTED/i.test(code)) return "rate";
  if (/authentication|permission|AccessDenied|UnrecognizedClient|ExpiredToken|Credentials/i.test(code)) return "login";
  if (/context.?length/i.test(code)) return "too-long";
  return /invalid.?request|validation/i.test(code) ? "request" : "unavailable";
}

const advice: Partial<Record<FailureKind, string>> = {
  login: "Check the agent's key, and what its account may do.",
  model: "Check model and baseUrl of the agent in mesh.yml.",
};

/**
 * The failure that a session is told of.
 *
 * @param vendor as the person who reads it knows it
 */
export function failureOf(vendor: string, refusal: Refusal, cause: unknown): ModelFailure {
  const kind = kindOf(refusal);
  const status = refusal.status === undefined ? "" : ` (${refusal.status})`;
  const said = oneLine(refusal.message);
  const sentence = [`${vendor} refused the call${status}: ${said}`, advice[kind]].filter((part) => part !== undefined);
  const retryAfter = retryDelay(refusal);
  return new ModelFailure(kind, sentence.join(" "), { ...(retryAfter === undefined ? {} : { retryAfter }), cause });
}

/** A call that was answered with something that is no answer, or with nothing. */
export function unusable(vendor: string, why: string, cause?: unknown): ModelFailure {
  return new ModelFailure("unavailable", `${vendor} gave no usable answer: ${oneLine(why)}`, { cause });
}

/**
 * How long the vendor wants us to wait, in milliseconds: `retry-after-ms`, or `retry-after` in seconds or as a date.
 *
 * @see RFC 9110, section 10.2.3
 */
export function retryDelay({ header }: Pick<Refusal, "header">, now: number = Date.now()): number | undefined {
  const exact = Number.parseFloat(header("retry-after-ms") ?? "");
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const after = header("retry-after")?.trim() ?? "";
  if (/^\d+(?:\.\d+)?$/.test(after)) return Number(after) * 1000;
  // Date.parse takes almost any number for a date.
  const date = /^[A-Z]/i.test(after) ? Date.parse(after) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The words of an error and of what caused it: fetch says only "fetch failed", and its cause why. */
export function causesOf(error: unknown): string {
  const words: string[] = [];
  for (let at: unknown = error; at instanceof Error && words.length < 5; at = at.cause) {
    if (at.message !== "" && !words.includes(at.message)) words.push(at.message);
  }
  return words.length === 0 ? String(error) : words.join(": ");
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  const short = line.length > 600 ? `${line.slice(0, 600)}…` : line;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}
