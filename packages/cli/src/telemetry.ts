import type { Output } from "./output.ts";
import { jsonText } from "./output.ts";
import { paint, text } from "./text.ts";

/** What is sent to a collector while a command runs. */
export interface Telemetry {
  /** Sends what is left. Waits no longer than {@link lastMilliseconds}, and never throws. */
  end(): Promise<void>;
}

/** What can be exported, each with an address of its own or at the one for all. */
export type Signal = "traces" | "metrics";
const signals: readonly Signal[] = ["traces", "metrics"];

const lastMilliseconds = 2000;

/**
 * Lets spans and measurements go to a collector, when the environment names one: OTEL_EXPORTER_OTLP_ENDPOINT or the
 * variable of a signal. Otherwise nothing is loaded. Whether it can be reached is no concern of the work: that it cannot is
 * said once, on standard error.
 *
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export async function startTelemetry(output: Output): Promise<Telemetry | undefined> {
  const wanted = signals.filter((signal) => endpointOf(signal) !== undefined);
  if (wanted.length === 0) return undefined;
  const complaint = new Complaint(output);
  const wrong = wanted.map(variableOf).find((name) => !isAddress(process.env[name] ?? ""));
  if (wrong !== undefined) {
    complaint.hear(`${wrong} is no address; expected one such as http://127.0.0.1:4318`);
    return { end: async () => complaint.tell() };
  }
  const { registerSdk } = await import("./telemetry-sdk.ts");
  const shutdown = registerSdk(wanted, (error) => complaint.hear(reasonOf(error)));
  return {
    end: async () => {
      if (!(await within(lastMilliseconds, shutdown()))) {
        complaint.hear(`it did not take everything within ${lastMilliseconds / 1000} s`);
        // A connection to nowhere would keep this process for minutes, after all is done.
        setTimeout(() => process.exit(), 0).unref();
      }
      complaint.tell();
    },
  };
}

function endpointOf(signal: Signal): string | undefined {
  const { env } = process;
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === "true") return undefined;
  if (env[`OTEL_${signal.toUpperCase()}_EXPORTER`] === "none") return undefined;
  return env[variableOf(signal)]?.trim() || undefined;
}

/** The variable that says where a signal goes. */
function variableOf(signal: Signal): string {
  const own = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`;
  return process.env[own]?.trim() ? own : "OTEL_EXPORTER_OTLP_ENDPOINT";
}

function isAddress(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

/** Says the first thing that is wrong, and nothing more. */
class Complaint {
  readonly #output: Output;
  /** Standard error would tear the picture that `watch` draws, so it waits for the end there. */
  readonly #waits: boolean;
  #reason: string | undefined;
  #told = false;

  constructor(output: Output) {
    this.#output = output;
    this.#waits = output.terminal && !output.json;
  }

  hear(reason: string): void {
    this.#reason ??= reason;
    if (!this.#waits) this.tell();
  }

  tell(): void {
    if (this.#reason === undefined || this.#told) return;
    this.#told = true;
    const sentence = `OpenTelemetry data was not delivered: ${this.#reason}. The work itself went on without it.`;
    if (this.#output.json) {
      process.stderr.write(`${jsonText({ warning: { code: "telemetry.export", sentence } })}\n`);
    } else {
      this.#output.note(text`${paint("yellow", "warning")}  ${sentence}`);
    }
  }
}

/** What a collector answers is not repeated: it may be anything. */
function reasonOf(error: unknown): string {
  const { code, message } = (error ?? {}) as { code?: string | number; message?: string };
  if (typeof code === "number")
    return `the collector answered ${code}; expected OTLP over HTTP there, usually port 4318`;
  return code ?? (message || "the collector did not answer");
}

/** Whether it has ended, well or badly, in this time. */
async function within(milliseconds: number, work: Promise<void>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), milliseconds);
  const ended = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
  }
}
