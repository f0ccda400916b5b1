import type { ModelFailure } from "../model.ts";
import { causesOf, failureOf, unusable } from "./failure.ts";

/** What the errors of @anthropic-ai/sdk and openai have in common: one generator made both. */
interface SdkError {
  readonly status?: unknown;
  readonly headers?: unknown;
  readonly error?: unknown;
  readonly code?: unknown;
  readonly type?: unknown;
}

/**
 * What an error of these SDKs means: a refusal, when the vendor answered, or a connection that failed, when it did not.
 *
 * @param refused whether the error is one that the vendor gave, within the stream or instead of one
 */
export function sdkFailure(vendor: string, error: unknown, refused: boolean): ModelFailure {
  if (!refused) return unusable(vendor, causesOf(error), error);
  const { status, headers, type, code } = error as SdkError;
  return failureOf(
    vendor,
    {
      status: typeof status === "number" ? status : undefined,
      code: [type, code].filter((word) => typeof word === "string").join(" "),
      message: wordsOf(error as Error),
      header: (name) => (headers instanceof Headers ? headers.get(name) : undefined),
    },
    error,
  );
}

/** The vendor's own sentence, without the status and the JSON around it. */
function wordsOf(error: Error & SdkError): string {
  const body = error.error as { message?: unknown; error?: { message?: unknown } } | undefined;
  const words = body?.error?.message ?? body?.message;
  return typeof words === "string" ? words : error.message;
}
