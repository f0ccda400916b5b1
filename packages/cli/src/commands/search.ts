import { resolve } from "node:path";
import { idSuffix } from "@memomesh/core";
import { type Found, type Hit, type Marked, readQuery, SearchIndex, type UpdateProgress } from "@memomesh/mailbox";
import { loadMesh } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { shown, shownTime } from "../here.ts";
import { readCount } from "../option-values.ts";
import type { Output } from "../output.ts";
import { paint, type Text, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh search rollback shop", "whatever has both words: memos, runbooks, records, lessons, plans, STATE"],
    ["memomesh search '\"port 8080\" from:developer after:2026-10'", "a phrase, from whom, since when"],
    ["memomesh search type:alert node:sysadmin before:30d", "by filters alone, the newest first"],
  ])
    .argument("<words...>", 'words, "phrases", and from: to: node: type: box: after: before:')
    .option("--limit <count>", "at most this many, the best first", readCount, 10)
    .action(async (words: string[], { limit }: { limit: number }) => {
      const mesh = await loadMesh(process.cwd());
      const now = Date.now();
      const query = readQuery(words.join(" "), now);
      const index = new SearchIndex(mesh.root, [...mesh.nodes.values()]);
      try {
        const found = await index.search(query, { limit, now, progress: progressOn(output) });
        const hits = found.hits.map((hit) => ({ ...hit, path: resolve(mesh.root, hit.path) }));
        output.data({ ...found, hits, notes: query.notes });
        for (const hit of hits) for (const line of hitLines(hit)) output.line(line);
        for (const note of query.notes) output.note(paint("yellow", note));
        output.note(summary(found));
      } finally {
        index.close();
      }
    });
};

function hitLines(hit: Hit): Text[] {
  const { kind, node, path, line, date, title, snippet, memo, from, to, type } = hit;
  const what = kind === "memo" ? `${type ?? "memo"}  ${from ?? "operator"} to ${to ?? node}` : `${kind}  ${node}`;
  const place = line > 1 ? `${shown(path)}:${line}` : shown(path);
  return [
    text`${paint("bold", marked(title))}`,
    text`  ${paint("dim", `${shownTime(date)}  ${what}`)}${memo === undefined ? "" : `  ${idSuffix(memo)}`}`,
    ...(snippet.length === 0 ? [] : [text`  ${marked(snippet)}`]),
    text`  ${paint("cyan", place)}`,
    text``,
  ];
}

function marked(pieces: Marked): Text {
  return pieces.reduce(
    (whole, piece) => text`${whole}${piece.found ? paint("yellow", piece.text) : piece.text}`,
    text``,
  );
}

function summary({ hits, total, partial }: Found): Text {
  if (total === 0) return text`Nothing fits. Fewer words find more; \`from:\`, \`after:\` and the like narrow it down.`;
  const some = partial ? "Nothing has all of these words; this has some of them. " : "";
  return paint("dim", `${some}${hits.length} of ${total >= 1000 ? "1,000 or more" : total}`);
}

/** Says after a second, and then every few, how far the reading of a large mesh is. */
function progressOn(output: Output): (at: UpdateProgress) => void {
  let next = Date.now() + 1000;
  return ({ done, total }) => {
    if (Date.now() < next) return;
    next = Date.now() + 3000;
    const count = (value: number) => value.toLocaleString("en-US");
    output.note(paint("dim", `reading ${count(total)} files for the index: ${count(done)} so far`));
  };
}
