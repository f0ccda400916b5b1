import type { Call } from "../call.ts";
import type { Finding } from "../classification.ts";
import { type Argument, textOf } from "../shell/argument.ts";

const quoted = /"([^"]{2,2000})"|'([^']{2,2000})'|`([^`]{2,2000})`/g;
const longestCode = 8192;

/**
 * What the quoted texts in code of another language say as shell text: `os.system("…")`. The code is not parsed, and so
 * only what is certainly bad counts.
 */
export function quotedCommands(code: Argument, call: Call): readonly Finding[] {
  const texts = [...(textOf(code) ?? "").slice(0, longestCode).matchAll(quoted)];
  return texts
    .map((match): Argument => ({ ...code, parts: [{ kind: "text", text: match[1] ?? match[2] ?? match[3] ?? "" }] }))
    .flatMap((text) => call.into.text(text, call, true))
    .filter(({ risk }) => risk === "critical");
}
