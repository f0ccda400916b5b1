import { parseOptions } from "../options.ts";
import { type Argument, textOf } from "../shell/argument.ts";

/** Whether the operands of a call mean that a project is linted, tested or built. */
type Means = (operands: readonly string[]) => boolean;

/** Programs that do nothing else than lint, test or build, whatever they are given. */
const always =
  "vitest jest mocha ava tap c8 nyc tsc vue-tsc svelte-check eslint oxlint prettier biome stylelint knip markdownlint markdownlint-cli2 htmlhint pytest ruff mypy pyright black flake8 isort pylint tox nox coverage rubocop rspec gofmt golangci-lint staticcheck rustfmt phpunit phpstan ctest esbuild rollup webpack tsdown tsup typedoc doxygen sphinx-build gcc g++ cc c++ clang clang++ javac";

/** Words of the names of scripts and targets that say what an agent may do by itself. */
const workWords = new Set(
  "test tests unit spec specs e2e integration smoke lint check checks format fmt types type typecheck tsc build compile bundle docs coverage cov bench verify validate ci all dist assemble package generate codegen analyze vet knip clean".split(
    " ",
  ),
);
/** Words that say that more happens than that. */
const liveWords = new Set(
  "deploy publish release ship push upload prod production staging live remote apply destroy provision migrate migration install uninstall start serve up down restart rollout rollback sync seed login tag".split(
    " ",
  ),
);

const isScript = (name: string) => {
  const words = name.toLowerCase().split(/[:._/-]+/);
  return words.some((word) => workWords.has(word)) && !words.some((word) => liveWords.has(word));
};
const scripts: Means = (operands) => operands.every(isScript);
const firstIs =
  (names: string): Means =>
  ([first = ""]) =>
    names.split(" ").includes(first);
const script: Means = ([first = "", second = ""]) =>
  /^(?:t|tst|test)$/.test(first) || (/^(?:run|run-script)$/.test(first) && isScript(second));
const modules: Means = firstIs("pytest unittest mypy ruff black flake8 pylint pyright coverage tox nox compileall");

/** Programs that do other things too. */
const sometimes: Readonly<Record<string, Means>> = {
  npm: script,
  "pnpm yarn": (operands) => script(operands) || isScript(operands[0] ?? ""),
  bun: script,
  "make gmake just task rake ninja gradle gradlew mvn mvnw invoke ant bazel grunt gulp": scripts,
  cargo: firstIs("build check test clippy fmt doc bench"),
  go: firstIs("build test vet fmt list doc"),
  deno: firstIs("test lint check fmt bench"),
  "dotnet swift zig mix": firstIs("build test format fmt check compile"),
  "vite next astro": firstIs("build lint check"),
  "nx turbo": (operands) => (operands[0] === "run" ? isScript(operands[1] ?? "") : isScript(operands[0] ?? "")),
  "mkdocs jekyll eleventy zola mdbook": firstIs("build"),
  hugo: (operands) => operands.length === 0 || operands[0] === "build",
  meson: firstIs("setup compile test"),
};

/** Programs that start what the project has installed, and fetch nothing. */
const starters: ReadonlySet<string> = new Set(["pnpm exec", "poetry run", "pipenv run", "bundle exec"]);

const valued =
  "-w --workspace --prefix -C --dir --cwd -F --filter -f --file --makefile -j --jobs --directory -p --project --manifest-path";
/** Options that name a program to be run, or a shell to run it with. */
const starting = /^--?(?:exec|toolexec|vettool|script-shell|node-options|eval|shell|command|runner)(?:=|$)/;

/**
 * The arguments of a call that lints, tests or builds a project with its own tools.
 *
 * @param words a program with its arguments
 * @returns undefined when it is anything else, or when not all of it is known
 */
export function projectWork(words: readonly Argument[]): readonly Argument[] | undefined {
  const texts = words.map(workText);
  if (texts.some((text) => text === undefined)) return undefined;
  const [first = "", ...rest] = texts as string[];
  const args = words.slice(1);
  if (rest.some((text) => starting.test(text))) return undefined;
  const inner = started(first, rest);
  if (inner !== undefined) return projectWork(words.slice(inner));
  const name = programName(first);
  if (name === undefined) return undefined;
  if (always.split(" ").includes(name)) return args;
  if (/^python[\d.]*$/.test(name)) return rest[0] === "-m" && modules(rest.slice(1)) ? args : undefined;
  if (name === "node") return /^--(?:test|check)$/.test(rest[0] ?? "") ? args : undefined;
  if (name === "cmake")
    return /^(?:-[SB].*|--build|--preset)$/.test(rest[0] ?? "") && !rest.includes("-P") ? args : undefined;
  const means = Object.entries(sometimes).find(([names]) => names.split(" ").includes(name))?.[1];
  const { operands } = parseOptions(args, { valued });
  const given = operands.map((operand) => textOf(operand) ?? "");
  const variables = given.some((text) => /^[A-Za-z_]\w*=/.test(text));
  return means?.(given) && !variables ? args : undefined;
}

/** Text, or a pattern as it is written: which files it finds does not change what is done. */
function workText({ parts }: Argument): string | undefined {
  const texts = parts.map((part) =>
    part.kind === "text" || (part.kind === "glob" && !part.text.includes("(")) ? part.text : undefined,
  );
  return texts.includes(undefined) ? undefined : texts.join("");
}

/** Where the program begins that a starter starts. */
function started(name: string, rest: readonly string[]): number | undefined {
  if (name === "npx" && /^--no(?:-install)?$/.test(rest[0] ?? "")) return 2;
  return starters.has(`${name} ${rest[0]}`) ? 2 : undefined;
}

/** The name of a tool on the path, of the project's own dependencies, or of its build wrapper. */
function programName(name: string): string | undefined {
  if (!name.includes("/")) return name;
  return /^(?:\.\/)?node_modules\/\.bin\/([\w.-]+)$/.exec(name)?.[1] ?? /^\.\/(gradlew|mvnw)$/.exec(name)?.[1];
}
