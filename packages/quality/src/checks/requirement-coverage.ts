import type { Deployment } from "@memomesh/core";
import type { Check } from "../check.ts";
import { cost, type Flaw } from "../finding.ts";
import type { Material } from "../material.ts";
import type { Request } from "../subject.ts";

export const requirementCoverage: Check = {
  id: "requirements",
  title: "Requirement coverage",
  weight: 14,
  about:
    "Whatever was asked for is met by something that has a name: each action item of the memo (or requirement of the stage) is spoken of in the runbook, the files or the answer, and each fact of the deployment (version, port, domain, variables, needs, limits, verification) stands in them.",
  look(material) {
    const { request } = material;
    if (request === undefined) return undefined;
    const facts = request.deployment === undefined ? [] : deploymentFacts(request.deployment);
    if (facts.length === 0 && request.requirements.length === 0) return undefined;
    const answer = answerText(material);
    return [...itemFlaws(request, answer), ...factFlaws(facts, request.file, answer)];
  },
};

/** All that the subject says, in small letters. The request itself is no answer to itself. */
function answerText({ files, tooLarge, notes = "", request }: Material): string {
  const texts = [...files, ...tooLarge]
    .filter(({ path }) => path !== request?.file)
    .map(({ path, text }) => `${path}\n${text}`);
  return [...texts, notes].join("\n").toLowerCase();
}

/** What of an item's words has to be found again. The rest is grammar, or said in other words. */
const enough = 0.6;

function itemFlaws({ requirements, file }: Request, answer: string): Flaw[] {
  const answered = new Set(tokensOf(answer).flatMap(stems));
  return requirements.flatMap(({ text, line, done }): Flaw[] => {
    const words = [...new Set(askedWords(text))];
    if (done || words.length === 0) return [];
    const missing = words.filter((word) => !answered.has(word));
    if (1 - missing.length / words.length >= enough) return [];
    const fix = "prepare it, or say under `## What is not known` why it is not";
    const quoted = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    const said = `nothing answers "${quoted}": ${missing.slice(0, 5).join(", ")} ${missing.length === 1 ? "is" : "are"} not spoken of`;
    return [{ file, line, text: said, cost: cost.serious, fix }];
  });
}

const grammar = new Set(
  "about after against all also and any are because been before being both but can could did does doing each else every for from had has have how into its just let like make may might more most must need needs new not now off once one only onto other our out over per please should some such sure take than that the their them then there these they this those through under until upon use used using very via was were what when where which while who will with without would you your der die das den dem des ein eine einen einem einer und oder mit ohne für von vom zum zur auf aus bei nach ist sind wird werden soll sollen bitte".split(
    " ",
  ),
);

/** A word of a text, and its parts when it is put together: shop-api, notes.example.com. */
function tokensOf(text: string): readonly (readonly string[])[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}](?:[\p{L}\p{N}._-]*[\p{L}\p{N}])?/gu) ?? [];
  return words.map((word) => (/[._-]/.test(word) ? [word, ...word.split(/[._-]+/)] : [word]));
}

function stems(words: readonly string[]): string[] {
  return words.filter((word) => word.length > 2 && !grammar.has(word)).map(stem);
}

/** The words that carry meaning. A version or a domain counts as one word. */
function askedWords(text: string): string[] {
  return tokensOf(text).flatMap(([whole = "", ...parts]) =>
    stems(parts.length === 0 || /\d|\..*\./.test(whole) ? [whole] : parts),
  );
}

/** Each word cut to its stem: "deployments" and "deployed" both speak of "deploy". */
function stem(word: string): string {
  if (/\d/.test(word)) return word;
  const cut = word.replace(/(?:ations?|ments?|ings?|ied|ies|ed|es|s|ung|ungen|en)$/, "");
  return cut.length >= 3 ? cut.replace(/(.)\1$/, "$1").replace(/[ey]$/, "") : word;
}

interface Fact {
  readonly what: string;
  /** One of these has to stand in the answer. */
  readonly found: readonly RegExp[];
}

function deploymentFacts(deployment: Deployment): readonly Fact[] {
  const { app, version, port, domain, env, needs, resources, verify, artifacts } = deployment;
  const word = (value: string | number) => [
    new RegExp(`(?<![\\w.])${escaped(String(value).toLowerCase())}(?![\\w]|\\.\\d)`),
  ];
  return [
    ...(app === undefined ? [] : [{ what: `the app ${app}`, found: word(app) }]),
    ...(version === undefined ? [] : [{ what: `version ${version}`, found: word(version) }]),
    ...(port === undefined ? [] : [{ what: `port ${port}`, found: word(port) }]),
    ...(domain === undefined ? [] : [{ what: `the domain ${domain}`, found: word(domain) }]),
    ...env.map((name) => ({ what: `the variable ${name}`, found: word(name) })),
    ...needs.map((name) => ({ what: `the service ${name} that it needs`, found: word(name) })),
    ...artifacts.flatMap(({ image }) =>
      image === undefined ? [] : [{ what: `the image ${image}`, found: word(image) }],
    ),
    ...(resources?.memory === undefined
      ? []
      : [{ what: `${resources.memory} of memory`, found: [amount(resources.memory)] }]),
    ...(resources?.cpus === undefined
      ? []
      : [{ what: `${resources.cpus} processors`, found: [processors(resources.cpus)] }]),
    ...verify.map((each) =>
      "http" in each
        ? { what: `the verification ${each.http}`, found: addressForms(each.http) }
        : { what: `the verification \`${each.command}\``, found: [commandForm(each.command)] },
    ),
  ];
}

/** 256M, 256Mi, 256MB and 256m are spellings of one amount to whoever writes a memo. */
function amount(text: string): RegExp {
  const [, number = "", unit = ""] = /^(\d+)([bkmg]?)/i.exec(text) ?? [];
  return new RegExp(`(?<![\\w.])${number} ?${unit.toLowerCase()}(?:i?b?)(?![\\w])`);
}

function processors(cpus: number): RegExp {
  return new RegExp(`(?<![\\w.])(?:${escaped(String(cpus))}0*|${cpus * 1000}m)(?![\\w])`);
}

/** The address itself, or its path where host or port come from variables. */
function addressForms(address: string): readonly RegExp[] {
  const path = /^https?:\/\/[^/]+(\/.+)$/.exec(address)?.[1];
  const forms = [address, ...(path === undefined ? [] : [path])];
  return forms.map((form) => new RegExp(`${escaped(form.toLowerCase())}(?![\\w/])`));
}

function commandForm(command: string): RegExp {
  return new RegExp(command.toLowerCase().trim().split(/\s+/).map(escaped).join("\\s+"));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

function factFlaws(facts: readonly Fact[], file: string, answer: string): Flaw[] {
  return facts
    .filter(({ found }) => !found.some((pattern) => pattern.test(answer)))
    .map(({ what }) => ({
      file,
      text: `${what} stands in the request and nowhere in what was prepared`,
      cost: cost.serious,
      fix: "take it into the files or the runbook, or say under `## What is not known` why not",
    }));
}
