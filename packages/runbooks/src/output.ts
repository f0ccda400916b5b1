import { redact, safeText, withoutSecrets } from "@memomesh/guard";

/** What is kept of a command's output. */
export interface KeptOutput {
  /** Secrets removed, in characters that are safe to print. */
  readonly text: string;
  /** Characters left out of the middle. */
  readonly omitted: number;
}

/** Characters kept of the beginning, and as many of the end. */
const kept = 32 * 1024;

/** Shorter pieces of a secret give nothing away and stand in every text. */
const shortestPiece = 4;

/** Keeps the beginning and the end of an output, in bounded memory however long it is. */
export interface OutputKeeper {
  add(text: string): void;
  /** @param secrets values to be removed, by the name of their variable */
  result(secrets: Readonly<Record<string, string>>): Promise<KeptOutput>;
}

export function keepOutput(): OutputKeeper {
  let head = "";
  let tail = "";
  let length = 0;
  return {
    add(text) {
      length += text.length;
      const room = kept - head.length;
      head += text.slice(0, room);
      tail += text.slice(Math.max(0, room));
      if (tail.length > 2 * kept) tail = tail.slice(-kept);
    },
    async result(secrets) {
      if (length <= head.length + tail.length) return { text: await clean(head + tail, secrets), omitted: 0 };
      const first = withoutCutEnd(head, secrets);
      const last = withoutCutStart(tail.slice(-kept), secrets);
      const omitted = length - first.length - last.length;
      const gap = `\n[${omitted} characters left out]\n`;
      return { text: `${await clean(first, secrets)}${gap}${await clean(last, secrets)}`, omitted };
    },
  };
}

async function clean(text: string, secrets: Readonly<Record<string, string>>): Promise<string> {
  return safeText(await withoutSecrets(redact(text, secrets)), { newlines: true });
}

/** Where the text was cut a secret may have been cut too, and would no longer be known as one: whole lines only. */
function withoutCutEnd(text: string, secrets: Readonly<Record<string, string>>): string {
  const line = text.slice(0, text.lastIndexOf("\n") + 1);
  const pieces = Object.values(secrets).map((secret) => {
    for (let size = secret.length - 1; size >= shortestPiece; size -= 1)
      if (line.endsWith(secret.slice(0, size))) return size;
    return 0;
  });
  return line.slice(0, line.length - Math.max(0, ...pieces));
}

function withoutCutStart(text: string, secrets: Readonly<Record<string, string>>): string {
  const line = text.slice(text.indexOf("\n") === -1 ? text.length : text.indexOf("\n") + 1);
  const pieces = Object.values(secrets).map((secret) => {
    for (let size = secret.length - 1; size >= shortestPiece; size -= 1)
      if (line.startsWith(secret.slice(-size))) return size;
    return 0;
  });
  return line.slice(Math.max(0, ...pieces));
}
