import { idSuffix } from "@memomesh/core";
import type { Answer, WrittenFile } from "@memomesh/mesh/ask";
import { block, paint, type Style, type Text, text } from "./text.ts";

const headings: Readonly<Record<Answer["standing"], readonly [style: Style, says: string]>> = {
  waiting: ["yellow", "nobody has worked on it yet"],
  asked: ["yellow", "asks back"],
  prepared: ["magenta", "has prepared a runbook"],
  failed: ["red", "could not work on it"],
  done: ["green", "answers"],
  declined: ["yellow", "declines"],
  rejected: ["red", "did not get it"],
};

/** Lines of one file's difference that are shown; the rest is in the file. */
const mostOfFile = 60;

/** What came of a request: what was found and recommended, the files that were written, and what a person can do now. */
export function answerLines(
  answer: Answer,
  files: readonly WrittenFile[],
  { next: withNext = true }: { readonly next?: boolean } = {},
): Text[] {
  const [style, says] = headings[answer.standing];
  const lines = [text``, paint("bold", text`${answer.node} ${paint(style, says)}`)];
  if (answer.text !== "") lines.push(text``, block(answer.text));
  for (const { path, difference } of files) lines.push(text``, ...differenceOf(path, difference));
  const next = withNext ? nextLines(answer) : [];
  return next.length === 0 ? lines : [...lines, text``, ...next];
}

function differenceOf(path: string, difference: string): Text[] {
  const lines = difference.split("\n");
  const shown = lines.slice(0, mostOfFile).map((line) => {
    if (line.startsWith("--- ") || line.startsWith("+++ ")) return paint("bold", line);
    if (line.startsWith("@@")) return paint("cyan", line);
    if (line.startsWith("+")) return paint("green", line);
    return line.startsWith("-") ? paint("red", line) : text`${line}`;
  });
  const left = lines.length - shown.length;
  return left > 0 ? [...shown, paint("dim", `${left} more lines in ${path}`)] : shown;
}

function nextLines({ standing, review, question, memo, file }: Answer): Text[] {
  const go = (command: string, why: string) => text`${paint("cyan", command)}  ${paint("dim", why)}`;
  const goOn = 'memomesh ask --continue "…"';
  switch (standing) {
    case "prepared":
      return [
        ...(review === undefined ? [] : [go(`memomesh review ${review}`, "decide on each step; nothing has run")]),
        go(goOn, "ask for something else about it"),
      ];
    case "asked":
      return question?.to.includes("operator")
        ? [go(goOn, "answers this question")]
        : [
            paint(
              "dim",
              text`It waits for an answer of ${question?.to.join(", ") || "another node"}; \`memomesh run\` goes on.`,
            ),
          ];
    case "done":
      return [go(goOn, "goes on from here")];
    case "failed":
    case "rejected":
      return [go(`memomesh memo show ${idSuffix(memo)}`, file ?? "")];
    case "waiting":
      return [go("memomesh run", "goes on with it; the request is kept")];
    default:
      return [];
  }
}
