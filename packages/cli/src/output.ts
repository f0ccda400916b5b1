import { Exit, MeshError } from "@memomesh/core";
import { paint, type Text, text } from "./text.ts";

/** Where a command says what it has to say: text for a person or, with `--json`, data for a program. */
export interface Output {
  readonly json: boolean;
  /** Whether a person reads standard output at a terminal. */
  readonly terminal: boolean;
  /** Columns of the terminal; undefined in a pipe, where nothing is cut. */
  readonly columns: number | undefined;
  /** One line for a person. Nothing with `--json`. */
  line(line?: Text): void;
  /** One JSON document. Nothing without `--json`. */
  data(value: unknown): void;
  /** One JSON document in one line, for streams of events. Nothing without `--json`. */
  record(value: unknown): void;
  /** A line on standard error, for what is not the result. Nothing with `--json`. */
  note(line: Text): void;
}

export function createOutput(options: { json: boolean }): Output {
  const { json } = options;
  const out = process.stdout;
  const write = (stream: NodeJS.WriteStream, { plain, painted }: Text) =>
    stream.write(`${wantsColour(stream) ? painted : plain}\n`);
  return {
    json,
    terminal: out.isTTY === true,
    get columns() {
      // A terminal that does not know its size says 0.
      return out.isTTY ? out.columns || 80 : undefined;
    },
    line: (line = text``) => void (json || write(out, line)),
    data: (value) => void (json && out.write(`${jsonText(value, 2)}\n`)),
    record: (value) => void (json && out.write(`${jsonText(value)}\n`)),
    note: (line) => void (json || write(process.stderr, line)),
  };
}

/** Ends the program without a word when whoever read its output has left, as `memomesh log | head` does. That is no error. */
export function endQuietly(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(Exit.done);
      throw error;
    });
  }
}

/** JSON in which whatever a terminal could obey or hide stands as an escape; the value that a reader gets is the same. */
export function jsonText(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, null, indent);
  return json.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, escaped);
}

/** A character as JSON escapes it, one escape for each UTF-16 unit. */
function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

/**
 * Tells on standard error what went wrong, as one sentence, and what the command ends with.
 *
 * Files that cannot be used and wrong input are the person's to mend; anything else is a bug of this program, and says so.
 */
export function reportError(error: unknown, output: Output): number {
  const problem = error instanceof MeshError ? error : systemProblem(error);
  if (process.env.MEMOMESH_DEBUG === "1")
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  if (output.json) {
    const { code, sentence, place, exit } = problem;
    process.stderr.write(`${jsonText({ error: { code, sentence, place, exit } })}\n`);
  } else {
    output.note(text`${paint("red", "error")}  ${problem.message}`);
  }
  return problem.exit;
}

function systemProblem(error: unknown): MeshError {
  const { code, syscall, path, message } = error as NodeJS.ErrnoException;
  const system = code !== undefined && syscall !== undefined ? systemCodes[code] : undefined;
  if (system !== undefined) {
    return new MeshError(`system.${code}`, `${path ?? syscall}: ${system.says}`, { exit: system.exit, cause: error });
  }
  return new MeshError(
    "bug",
    `Memomesh has met a bug: ${message ?? String(error)}. Nothing that was delivered is lost. MEMOMESH_DEBUG=1 before the same command shows where it happened; please report that`,
    { exit: Exit.bug, cause: error },
  );
}

const systemCodes: Readonly<Record<string, { readonly says: string; readonly exit: number }>> = {
  EACCES: { says: "permission denied", exit: Exit.notPermitted },
  EPERM: { says: "the system does not allow that", exit: Exit.notPermitted },
  EROFS: { says: "the file system is read-only", exit: Exit.notPermitted },
  ENOSPC: { says: "the disk is full", exit: Exit.tryAgain },
  EDQUOT: { says: "the disk quota is used up", exit: Exit.tryAgain },
  EMFILE: { says: "too many open files", exit: Exit.tryAgain },
  ENOENT: { says: "no such file or folder", exit: Exit.badData },
  ENOTDIR: { says: "a part of this path is no folder", exit: Exit.badData },
  EISDIR: { says: "is a folder; expected a file", exit: Exit.badData },
};

function wantsColour(stream: NodeJS.WriteStream): boolean {
  if (stream.isTTY) return stream.hasColors();
  const forced = process.env.FORCE_COLOR;
  return forced !== undefined && !["0", "false"].includes(forced) && process.env.NO_COLOR === undefined;
}
