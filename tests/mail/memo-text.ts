import { newId, printMemo } from "@memomesh/core";

/** A memo as a person writes it. */
export function written(to: string, subject: string, more: Readonly<Record<string, string | number>> = {}): string {
  const lines = Object.entries({ to, ...more }).map(([name, value]) => `${name}: ${value}\n`);
  return `---\n${lines.join("")}---\n# ${subject}\n\nText of ${subject}.\n`;
}

/** A memo as a tool writes it: its id and the digest of its body say that it is complete. */
export function vouched(to: string, subject: string, id: string = newId(Date.now())): string {
  return printMemo({ id, to: [to], subject, body: `Text of ${subject}.`, digest: true });
}
