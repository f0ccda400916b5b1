// Makes the publishable package `memomesh` in packages/cli/dist: one program in ES modules with everything it needs
// bundled, split so that a command loads only its own part; beside it the templates and the example mesh. Another folder
// can be given as an argument.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { isShipped } from "../packages/mesh/src/example.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = join(root, "packages", "cli");
const dist = resolve(process.argv[2] ?? join(cli, "dist"));

/**
 * Lets every module import ours from where they are defined instead of through the `index.ts` of their package; that
 * importing them does nothing by itself stands in their package.json. Otherwise whatever uses one thing would load all,
 * with all its dependencies: `status` would wait for the Markdown parser.
 */
const directImports: Plugin = {
  name: "direct-imports",
  setup({ onLoad }) {
    onLoad({ filter: /packages\/[a-z]+\/src\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return { contents: basename(path) === "index.ts" ? source : await withDirectImports(source), loader: "ts" };
    });
  },
};

/** Modules of Node that take ten milliseconds to load, and that many commands import and never use. */
const late = ["child_process", "crypto"];

/**
 * Gives dependencies in the older module format what they ask for with `require`, which modules do not have, and loads
 * some of Node's own modules when a function of theirs is first called.
 */
const builtins: Plugin = {
  name: "builtins",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^[a-z:_/]+$/ }, ({ path, kind, namespace }) => {
      const name = path.replace("node:", "");
      const wanted = isBuiltin(path) && namespace !== "builtin" && (kind === "require-call" || late.includes(name));
      return wanted ? { path: name, namespace: "builtin" } : undefined;
    });
    onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({
      contents: late.includes(path) ? lateModule(path) : `export * from "node:${path}";`,
    }));
  },
};

function lateModule(name: string): string {
  return whenUsed(
    Object.entries(process.getBuiltinModule(`node:${name}`) ?? {}),
    `process.getBuiltinModule("node:${name}")`,
  );
}

/** A module whose functions and classes load the real one when they are first called. */
function whenUsed(members: readonly (readonly [name: string, value: unknown])[], load: string): string {
  const functions = members.filter(([, value]) => typeof value === "function");
  // `promisify` gives execFile and exec a form of their own, which it finds under this name.
  const promised = functions.filter(([, value]) => promisify.custom in (value as object));
  const custom = 'Symbol.for("nodejs.util.promisify.custom")';
  return [
    `const it = () => ${load};`,
    ...functions.map(
      ([key]) =>
        `export function ${key}(...all) { return new.target ? new (it().${key})(...all) : it().${key}(...all); }`,
    ),
    ...promised.map(([key]) => `${key}[${custom}] = (...all) => it().${key}[${custom}](...all);`),
    "export default new Proxy({}, { get: (_, key) => it()[key] });",
  ].join("\n");
}

/** gray-matter loads a YAML parser that we never let it use; `yaml` offers Node a form that cannot be taken in parts. */
const lighterDependencies: Plugin = {
  name: "lighter-dependencies",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^yaml$/ }, () => ({
      path: join(root, "node_modules", "yaml", "browser", "index.js"),
      sideEffects: false,
    }));
    // The barrel of zod's small form loses its initialisation when one of its users is loaded late: this one names the parts.
    onResolve({ filter: /^zod\/v4-mini$/ }, () => ({ path: "zod-mini", namespace: "zod-mini" }));
    onLoad({ filter: /./, namespace: "zod-mini" }, () => ({
      contents:
        'export * from "./mini/schemas.js"; export * from "./mini/parse.js"; export { toJSONSchema } from "./core/index.js";',
      resolveDir: join(root, "node_modules", "zod", "v4"),
    }));
    onResolve({ filter: /^js-yaml$/ }, () => ({ path: "js-yaml", namespace: "left-out" }));
    const contents =
      'const leftOut = () => { throw new Error("js-yaml is not part of this package"); }; export { leftOut as safeLoad, leftOut as safeDump };';
    onLoad({ filter: /./, namespace: "left-out" }, () => ({ contents }));
  },
};

/** Modules of ours that load a YAML parser and zod, and that a command needs only when it meets a file that asks for them. */
const whenMet = ["yaml.ts", "check-header.ts"].map((name) => join(root, "packages", "core", "src", name));

const readers: Plugin = {
  name: "readers",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /\/(?:yaml|check-header)\.ts$/ }, ({ path, kind, resolveDir }) => {
      const file = resolve(resolveDir, path);
      return kind !== "require-call" && whenMet.includes(file) ? { path: file, namespace: "when-met" } : undefined;
    });
    onLoad({ filter: /./, namespace: "when-met" }, async ({ path }) => ({
      contents: whenUsed(Object.entries(await import(path)), `require(${JSON.stringify(path)})`),
      resolveDir: dirname(path),
    }));
  },
};

/** The second parser of shell text runs in a thread of its own, from files that stand beside the program. */
const grammar: Plugin = {
  name: "grammar",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/grammar-place\.ts$/ }, () => ({
      contents: `const folder = new URL(import.meta.url.includes("/parts/") ? "../grammar/" : "./grammar/", import.meta.url);
        const file = (name) => new URL(name, folder).href;
        export const grammarPlace = { worker: new URL("worker.js", folder), core: () => file("web-tree-sitter.wasm"), grammar: () => file("tree-sitter-bash.wasm") };`,
    })),
};

async function copyGrammar(): Promise<void> {
  const folder = join(dist, "grammar");
  const worker = join(root, "packages", "guard", "src", "shell", "grammar-worker.ts");
  await build({ ...options, outdir: folder, entryPoints: [{ in: worker, out: "worker" }] });
  for (const file of ["web-tree-sitter/web-tree-sitter.wasm", "tree-sitter-bash/tree-sitter-bash.wasm"])
    await cp(join(root, "node_modules", file), join(folder, basename(file)));
}

async function withDirectImports(source: string): Promise<string> {
  const packages = new Set([...source.matchAll(/from "@memomesh\/([a-z]+)";/g)].map((match) => match[1] as string));
  let direct = source;
  for (const name of packages) {
    const modules = await definitions(name);
    direct = direct.replaceAll(new RegExp(`import \\{([^}]*)\\} from "@memomesh/${name}";`, "g"), (_, names: string) =>
      names
        .split(",")
        .map((each) => each.trim())
        .filter((each) => each !== "" && !each.startsWith("type "))
        .map((each) => `import { ${each} } from ${JSON.stringify(modules.get(each.split(" as ")[0] as string))};`)
        .join(" "),
    );
  }
  return direct;
}

/** Which module of a package defines what its `index.ts` names. */
async function definitions(name: string): Promise<Map<string, string>> {
  const folder = join(root, "packages", name, "src");
  const index = await readFile(join(folder, "index.ts"), "utf8");
  const exports = [...index.matchAll(/export \{([^}]*)\} from "(\.\/[^"]+)";/g)];
  return new Map(
    exports.flatMap(([, names = "", module = ""]) =>
      names.split(",").map((each) => [each.trim().split(" as ").at(-1) as string, join(folder, module)] as const),
    ),
  );
}

async function bundle(): Promise<void> {
  const alone = ["glance", "hook"].map((name) =>
    build({ ...options, splitting: true, entryPoints: [join(cli, "src", `${name}.ts`)], plugins }),
  );
  const apart: Plugin = {
    name: "apart",
    setup: ({ onResolve }) =>
      onResolve({ filter: /^\.\/(?:glance|hook)\.ts$/ }, ({ path }) => ({
        path: path.replace(".ts", ".js"),
        external: true,
      })),
  };
  const rest = build({
    ...options,
    entryPoints: [join(cli, "src", "main.ts")],
    splitting: true,
    plugins: [apart, ...plugins],
  });
  await Promise.all([...alone, rest]);
}

const plugins = [grammar, readers, directImports, builtins, lighterDependencies];
const options = {
  outdir: dist,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node22.22",
  chunkNames: "parts/[name]-[hash]",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "eof",
  logLevel: "warning",
} satisfies BuildOptions;

async function copyBeside(): Promise<void> {
  await cp(join(root, "templates"), join(dist, "templates"), { recursive: true });
  for (const part of ["mesh.yml", "memos", "projects", "docs/ai-lessons.md"]) {
    await cp(join(root, part), join(dist, "example", part), {
      recursive: true,
      filter: (path) => isShipped(relative(root, path)),
    });
  }
  // npm would obey this file and leave it out; `copyExample` gives it its name again.
  const site = join(dist, "example", "projects", "developer", "site");
  await cp(join(site, ".gitignore"), join(site, "gitignore"));
  await rm(join(site, ".gitignore"));
  for (const file of ["README.md", "LICENSE"]) {
    await cp(join(root, file), join(dist, file)).catch(() =>
      console.warn(`${file} does not exist; the package goes without it`),
    );
  }
}

async function writeManifest(): Promise<void> {
  const { name, version, description, license, type, engines } = JSON.parse(
    await readFile(join(cli, "package.json"), "utf8"),
  );
  const manifest = { name, version, description, license, type, engines, bin: { memomesh: "main.js" } };
  await writeFile(join(dist, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await Promise.all([bundle(), copyGrammar(), copyBeside(), writeManifest()]);
console.log(`${basename(dist)} is built; try: npm pack ${relative(process.cwd(), dist) || "."}`);
