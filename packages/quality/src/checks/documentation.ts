import { dirname } from "node:path/posix";
import type { Check } from "../check.ts";
import { cost, type Flaw } from "../finding.ts";
import type { Material, ReadFile } from "../material.ts";
import { placeholderIn } from "./placeholder.ts";

export const documentation: Check = {
  id: "documented",
  title: "Documentation",
  weight: 4,
  about:
    "Whoever comes next can read what it is: a runbook says what it does and what is not known; a configuration begins with a comment, is named in the runbook, or has a README beside or above it; and no placeholder is left.",
  look(material) {
    const { files } = material;
    const runbooks = files.filter(({ runbook }) => runbook !== undefined);
    const configurations = files.filter(({ kind }) => explained.includes(kind));
    const texts = [...runbooks, ...configurations];
    if (texts.length === 0) return undefined;
    return [
      ...runbooks.flatMap(sectionFlaws),
      ...configurations.flatMap((file) => (isExplained(file, material) ? [] : [unexplained(file)])),
      ...texts.flatMap(placeholderFlaws),
    ];
  },
};

const explained: readonly ReadFile["kind"][] = [
  "compose",
  "kubernetes",
  "playbook",
  "prometheus-rules",
  "caddyfile",
  "nginx",
  "dockerfile",
  "shell",
];

function sectionFlaws({ path, runbook }: ReadFile): Flaw[] {
  const wanted = [
    {
      heading: /^what (?:this|it) does|^summary|^overview|^goal|^purpose/i,
      name: "What this does",
      price: cost.serious,
    },
    {
      heading: /^what is not known|^unknowns?|^open questions|^risks|^assumptions/i,
      name: "What is not known",
      price: cost.notable,
    },
  ];
  return wanted.flatMap(({ heading, name, price }): Flaw[] => {
    const section = runbook?.sections.find((each) => heading.test(each.heading));
    const generic = /^One paragraph for the person who decides\.?$/.test(section?.text ?? "");
    if (section !== undefined && section.text !== "" && !generic) return [];
    const text = section === undefined ? `there is no section ${name}` : `the section ${name} says nothing`;
    return [{ file: path, line: section?.line ?? 1, text, cost: price, fix: `write it under \`## ${name}\`` }];
  });
}

/** How many lines at the beginning may hold the comment: a shebang or a name may come first. */
const head = 5;

function isExplained({ path, lines }: ReadFile, { files, runbooks, notes = "" }: Material): boolean {
  if (lines.slice(0, head).some((line) => /^\s*#(?!!)\s*[^\s#!].{9,}/.test(line))) return true;
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (runbooks.some(({ text }) => text.includes(name)) || notes.includes(name)) return true;
  const folder = dirname(path);
  return files.some(({ kind, path: other }) => {
    const place = dirname(other);
    return (
      kind === "markdown" &&
      /readme/i.test(other) &&
      (place === "." || folder === place || folder.startsWith(`${place}/`))
    );
  });
}

function unexplained({ path }: ReadFile): Flaw {
  const fix = "begin it with a comment that says what it is for, or write a README beside it";
  return { file: path, text: "nothing says what this file is for", cost: cost.notable, fix };
}

function placeholderFlaws({ path, lines, kind }: ReadFile): Flaw[] {
  const found = lines.flatMap((line, index) => {
    const word = placeholderIn(line);
    return word === undefined ? [] : [{ word, line: index + 1 }];
  });
  return found.slice(0, 3).map(({ word, line }) => ({
    file: path,
    line,
    text: `"${word}" is still to be filled in`,
    cost: kind === "runbook" ? cost.serious : cost.notable,
    fix: "fill it in, or say under `## What is not known` that it is not known",
  }));
}
