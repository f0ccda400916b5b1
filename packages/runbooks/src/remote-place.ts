import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { SshTarget } from "@memomesh/core";
import { safeText } from "@memomesh/guard";
import { endText } from "./end-text.ts";
import { remotePath } from "./environment.ts";
import { executeRemote } from "./execute-remote.ts";
import { type Consignment, type ReleasePlace, type Survey, UploadFailure } from "./release-place.ts";
import { quote, remoteShell } from "./remote-script.ts";
import type { SshConnection } from "./ssh-connection.ts";
import { tarStream } from "./tar-stream.ts";
import type { TreeEntry } from "./tree.ts";

/** How a host is asked. */
export interface Asking {
  readonly connection: SshConnection;
  readonly signal: AbortSignal;
  /** The host ends by itself what takes longer. */
  readonly timeoutSeconds: number;
}

/** More than this no release has to tell of itself. */
const mostCharacters = 64 * 1024 * 1024;

/** A folder on a host, which has GNU's tools besides bash. */
export function remotePlace({ path: root }: SshTarget, asking: Asking): ReleasePlace {
  return {
    survey: async (paths) => readSurveys(await ask(root, surveyText(paths), asking), paths.length),
    async clear(path) {
      await ask(root, `rm -rf -- ${path}`, asking);
    },
    receive: (path, consignment) => send(root, path, consignment, asking),
  };
}

/** What is there goes through base64, because it may hold any character. */
function surveyText(paths: readonly string[]): string {
  return `for tool in base64 find sha256sum sync tar xargs; do
  command -v "$tool" >/dev/null || { echo "the host has no $tool; an upload needs Linux with GNU tools" >&2; exit 1; }
done
find . -maxdepth 0 -printf '' 2>/dev/null && sha256sum -z </dev/null >/dev/null 2>&1 ||
  { echo "find and sha256sum of the host are not GNU's; an upload needs Linux with GNU tools" >&2; exit 1; }
for path in ${paths.join(" ")}; do
  if [ -L "$path" ]; then
    said=$(readlink -n -- "$path" | base64 -w0)
    echo "link $said"
  elif [ ! -e "$path" ]; then
    echo absent
  elif [ ! -d "$path" ]; then
    echo other
  else
    said=$(cd -- "$path" && { find . -mindepth 1 -printf '%y%m %s %P\\0' && find . -type f -print0 | xargs -0 -r sha256sum -z --; } | base64 -w0)
    echo "folder $said"
  fi
done`;
}

/** What a text prints on the host. */
async function ask(folder: string, text: string, { connection, signal, timeoutSeconds }: Asking): Promise<string> {
  const enough = new AbortController();
  let printed = "";
  const onOutput = (more: string) => {
    if (printed.length + more.length > mostCharacters) enough.abort();
    else printed += more;
  };
  const environment = { PATH: remotePath, LC_ALL: "C" };
  const command = { text, folder, environment, secrets: {}, timeoutSeconds };
  const { end, output } = await executeRemote(connection, command, {
    signal: AbortSignal.any([signal, enough.signal]),
    onOutput,
  });
  if (enough.signal.aborted) throw new UploadFailure("the host tells more of what it has than any release holds");
  if (end.kind === "exited" && end.exit === 0) return printed;
  const said = lastLine(output.text);
  throw new UploadFailure(end.kind === "exited" && said !== "" ? said : endText(end));
}

function readSurveys(printed: string, expected: number): readonly Survey[] {
  const surveys = printed.split("\n").slice(0, -1).map(readSurvey);
  if (surveys.length === expected) return surveys;
  throw new UploadFailure("the host tells of other places than it was asked for");
}

function readSurvey(line: string): Survey {
  const [, kind, said = ""] = /^(link|absent|other|folder)(?: ([A-Za-z0-9+/=]*))?$/.exec(line) ?? [];
  const text = Buffer.from(said, "base64").toString("utf8");
  switch (kind) {
    case "absent":
    case "other":
      return { kind };
    case "link":
      return { kind, to: text };
    case "folder": {
      const entries = readEntries(text.split("\0").filter((entry) => entry !== ""));
      return entries === undefined ? { kind: "other" } : { kind, entries };
    }
    default:
      throw new UploadFailure("what the host tells of its files cannot be read");
  }
}

/**
 * @param lines of find, `<type><mode> <bytes> <path>`, and of sha256sum, `<digest>  ./<path>`
 * @returns undefined when something is neither file nor folder
 */
function readEntries(lines: readonly string[]): readonly TreeEntry[] | undefined {
  const sum = /^([0-9a-f]{64}) [ *]\.\//;
  const digests = new Map(
    lines.flatMap((line) => {
      const found = sum.exec(line);
      return found === null ? [] : [[line.slice(found[0].length), `sha256:${found[1]}`] as const];
    }),
  );
  const entries: TreeEntry[] = [];
  for (const line of lines.filter((each) => !sum.test(each))) {
    const [head = "", kind, mode = "", size] = /^([a-zA-Z?])([0-7]+) (\d+) /.exec(line) ?? [];
    const path = line.slice(head.length);
    const digest = digests.get(path);
    if (kind === "d") entries.push({ kind: "folder", path });
    else if (kind !== "f" || digest === undefined) return undefined;
    else {
      const executable = (Number.parseInt(mode, 8) & 0o111) !== 0;
      entries.push({ kind: "file", path, executable, digest, bytes: Number(size) });
    }
  }
  return entries;
}

/**
 * Sends files as a tar archive behind the script that unpacks it. When the connection breaks, or is cut by us, tar finds
 * the end of its input and ends. What came of it the next survey tells, and no exit code.
 */
async function send(
  root: string,
  path: string,
  consignment: Consignment,
  { connection, signal, timeoutSeconds }: Asking,
): Promise<void> {
  const { child, said } = connection.start(remoteShell);
  const [stdin, stdout, stderr] = [child.stdin, child.stdout, child.stderr] as [Writable, Readable, Readable];
  const closed = once(child, "close").catch(() => [null]) as Promise<[number | null]>;
  const end = () => void child.kill("SIGKILL");
  let errors = "";
  stdout.resume();
  stderr.setEncoding("utf8").on("data", (chunk: string) => {
    errors = (errors + chunk).slice(-2000);
  });
  stdin.on("error", () => {});
  signal.addEventListener("abort", end, { once: true });
  try {
    stdin.write(unpackScript(root, path, timeoutSeconds));
    await pipeline(tarStream(consignment), stdin, { signal }).catch(unlessBroken);
    const [exit] = await closed;
    signal.throwIfAborted();
    if (exit === 0) return;
    const reason = lastLine(safeText(errors, { newlines: true })) || (await said()) || "the connection was lost";
    throw new UploadFailure(reason);
  } finally {
    signal.removeEventListener("abort", end);
    end();
    await closed;
  }
}

/** When the host ends first, the pipe breaks; what it says then tells why. */
function unlessBroken(error: NodeJS.ErrnoException): void {
  if (!["EPIPE", "ECONNRESET", "ERR_STREAM_PREMATURE_CLOSE"].includes(error.code ?? "")) throw error;
}

/**
 * The braces make bash read all of it before it runs any; tar reads what follows on the input. What it has written is on
 * the disk before anybody hears that it arrived: after a power failure the link must not lead to files that are empty.
 */
function unpackScript(root: string, path: string, seconds: number): string {
  return `{
PATH=${remotePath}
export PATH LC_ALL=C
cd -- ${quote(root)} && mkdir -p -- ${path} && cd -- ${path} || exit
timeout -k 5 ${seconds} tar -x -f - -m --no-same-owner --no-same-permissions || exit
timeout -k 5 ${seconds} sync -f .
}
`;
}

/** The last line that tells something: tar closes with one that does not. */
function lastLine(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.findLast((line) => line !== "" && !line.startsWith("tar: Exiting with failure")) ?? "";
}
