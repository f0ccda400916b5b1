export interface DiffLine {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** Above this many pairs of lines the texts are not compared line by line; 4 million take about 50 ms. */
const mostPairs = 4_000_000;

/** The lines of two texts in one list, with the fewest lines removed and added. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const old = before.split("\n");
  const now = after.split("\n");
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  return [
    ...mark("same", old.slice(0, head)),
    ...diffMiddle(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...mark("same", old.slice(old.length - tail)),
  ];
}

/** The longest common subsequence, by the table of its lengths from each pair of positions on. */
function diffMiddle(old: readonly string[], now: readonly string[]): DiffLine[] {
  if (old.length * now.length > mostPairs) return [...mark("removed", old), ...mark("added", now)];
  const width = now.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  const length = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const same = old[i] === now[j];
      lengths[i * width + j] = same ? length(i + 1, j + 1) + 1 : Math.max(length(i + 1, j), length(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      lines.push(...mark("same", [now[j] ?? ""]));
      i += 1;
      j += 1;
    } else if (length(i + 1, j) >= length(i, j + 1)) {
      lines.push(...mark("removed", [old[i] ?? ""]));
      i += 1;
    } else {
      lines.push(...mark("added", [now[j] ?? ""]));
      j += 1;
    }
  }
  return [...lines, ...mark("removed", old.slice(i)), ...mark("added", now.slice(j))];
}

function mark(kind: DiffLine["kind"], texts: readonly string[]): DiffLine[] {
  return texts.map((text) => ({ kind, text }));
}
