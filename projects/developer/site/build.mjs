// Builds the website: src/ becomes dist/. The same sources give the same bytes.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const { name, version } = JSON.parse(await readFile(here("package.json"), "utf8"));
const page = await readFile(here("src/index.html"), "utf8");
const style = await readFile(here("src/style.css"), "utf8");

const styleName = `style.${createHash("sha256").update(style).digest("hex").slice(0, 10)}.css`;
const values = { version, style: styleName };
const filled = page.replace(/\{\{(\w+)\}\}/g, (whole, key) => {
  if (!(key in values)) throw new Error(`src/index.html: ${whole} is not known; expected ${Object.keys(values).join(" or ")}`);
  return values[key];
});

// Built beside and then renamed, so that dist/ is never half of one build and half of another.
const next = here(".dist-next");
await rm(next, { recursive: true, force: true });
await mkdir(next);
await writeFile(`${next}/index.html`, filled);
await writeFile(`${next}/${styleName}`, style);
await writeFile(`${next}/version.txt`, `${version}\n`);
await rm(here("dist"), { recursive: true, force: true });
await rename(next, here("dist"));
console.log(`${name} ${version}: dist/index.html, dist/${styleName}, dist/version.txt`);
