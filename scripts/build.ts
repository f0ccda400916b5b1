// Makes the publishable package `memomesh` in packages/cli/dist: one program in ES modules with everything it needs
// bundled, split so that a command loads only its own part; beside it the templates and the example mesh.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { isShipped } from "../packages/mesh/src/example.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = join(root, "packages", "cli");
const dist = join(cli, "dist");

/** Our modules do nothing when they are imported, so what a command does not use of a package is left out of its part. */
const ownModulesArePure: Plugin = {
  name: "own-modules-are-pure",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^@memomesh\/|^\.{1,2}\// }, async ({ path, pluginData, ...options }) => {
      if (pluginData === "resolved" || options.kind === "entry-point") return undefined;
      const { errors, warnings, path: file, external } = await resolve(path, { ...options, pluginData: "resolved" });
      const own = !relative(join(root, "packages"), file).startsWith("..");
      return { errors, warnings, path: file, external, ...(own ? { sideEffects: false } : {}) };
    });
  },
};

async function bundle(): Promise<void> {
  await build({
    entryPoints: [join(cli, "src", "main.ts")],
    outdir: dist,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22.22",
    chunkNames: "parts/[name]-[hash]",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "eof",
    plugins: [ownModulesArePure],
    // Dependencies in the older module format ask for node's own modules in the older way.
    banner: { js: 'import{createRequire as memomeshRequire}from"node:module";const require=memomeshRequire(import.meta.url);' },
    logLevel: "warning",
  });
}

async function copyBeside(): Promise<void> {
  await cp(join(root, "templates"), join(dist, "templates"), { recursive: true });
  for (const part of ["mesh.yml", "memos", "projects", "docs/ai-lessons.md"]) {
    await cp(join(root, part), join(dist, "example", part), { recursive: true, filter: (path) => isShipped(relative(root, path)) });
  }
  // npm would obey this file and leave it out; `copyExample` gives it its name again.
  const site = join(dist, "example", "projects", "developer", "site");
  await cp(join(site, ".gitignore"), join(site, "gitignore"));
  await rm(join(site, ".gitignore"));
  for (const file of ["README.md", "LICENSE"]) {
    await cp(join(root, file), join(dist, file)).catch(() => console.warn(`${file} does not exist; the package goes without it`));
  }
}

async function writeManifest(): Promise<void> {
  const { name, version, description, license, type, engines } = JSON.parse(await readFile(join(cli, "package.json"), "utf8"));
  const manifest = { name, version, description, license, type, engines, bin: { memomesh: "main.js" } };
  await writeFile(join(dist, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await Promise.all([bundle(), copyBeside(), writeManifest()]);
console.log(`${basename(dist)} is built; try: npm pack ${relative(process.cwd(), dist) || "."}`);
