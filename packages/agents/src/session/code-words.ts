import { STATUS_CODES } from "node:http";
import { constants } from "node:os";
import { getSystemErrorMap } from "node:util";

/** What POSIX says of the signals that end programs. */
const signals: Readonly<Record<string, string>> = {
  SIGABRT: "aborted",
  SIGBUS: "bus error",
  SIGFPE: "floating point exception",
  SIGHUP: "hangup",
  SIGILL: "illegal instruction",
  SIGINT: "interrupted",
  SIGKILL: "killed",
  SIGPIPE: "broken pipe",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
};

/** What a shell adds to the number of the signal that has ended a program. */
const endedBySignal = 128;

let known: ReadonlyMap<string, string> | undefined;

/**
 * What a code says in words: one person writes "EADDRINUSE" or "504", another one "address already in use" or "gateway
 * timeout". Errors of the system, signals, exit codes after them, and HTTP's status codes.
 *
 * @param word in any case
 * @returns "" when it is no such code
 */
export function codeInWords(word: string): string {
  if (!/^(?:[1-5]\d\d|e\w{2,}|sig\w{2,})$/i.test(word)) return "";
  known ??= readCodes();
  return known.get(word.toUpperCase()) ?? "";
}

function readCodes(): ReadonlyMap<string, string> {
  const codes = new Map<string, string>();
  for (const [code, phrase = ""] of Object.entries(STATUS_CODES)) codes.set(code, phrase);
  for (const [name, message] of getSystemErrorMap().values()) codes.set(name, message);
  for (const [name, message] of Object.entries(signals)) {
    codes.set(name, message);
    const number = constants.signals[name as NodeJS.Signals];
    if (number !== undefined) codes.set(String(endedBySignal + number), `${name} ${message}`);
  }
  return codes;
}
