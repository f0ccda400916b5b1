import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { releaseSecrets } from "../src/release-secrets.ts";
import { readTree } from "../src/tree.ts";
import { makeWorkspace } from "./workspace.ts";

const token = `ghp_${"Zx9Qw3Er7Ty1Ui5Op2As8Df4Gh6Jk0Lz".repeat(2).slice(0, 36)}`;

async function search(files: Readonly<Record<string, string | Buffer>>) {
  const { meshRoot } = await makeWorkspace();
  const source = join(meshRoot, "dist");
  await mkdir(source);
  for (const [name, content] of Object.entries(files)) await writeFile(join(source, name), content);
  const entries = await readTree(source, "dist");
  return releaseSecrets({ source, entries, allowed: [], signal: new AbortController().signal });
}

test("a secret is found once, with its line, wherever it stands in a file of many megabytes", async () => {
  const line = `${"x".repeat(1023)}\n`;
  // Every few lines around where one stretch of the file ends and the next begins.
  const marked = Array.from({ length: 4500 }, (_, at) => at).filter((at) => at > 3900 && at < 4300 && at % 7 === 0);
  const lines = Array.from({ length: 4500 }, (_, at) =>
    marked.includes(at) ? `${token}${line.slice(token.length)}` : line,
  );
  const found = await search({ "data.txt": lines.join("") });
  expect(found).toEqual(marked.map((at) => ({ path: "data.txt", line: at + 1, kind: "github-token" })));
});

test("what bundlers write is no secret, unless it is one; pictures are not looked into", async () => {
  const bundle = 't.crossOrigin==="anonymous"?e.credentials="omit":r.token=n.value;s.password=x(y)';
  expect(
    await search({
      "app.js": `${bundle};const a="${token}"`,
      "picture.png": Buffer.from(`\0${token}`),
      ".env": "DB_PASSWORD=hunter2hunter\n",
    }),
  ).toEqual([
    { path: ".env", line: 1, kind: "named-value" },
    { path: "app.js", line: 1, kind: "github-token" },
  ]);
});
