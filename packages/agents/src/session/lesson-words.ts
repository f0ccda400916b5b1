/** Words that stand in every memo. */
const common = new Set(
  "a about after again all also an and any are as at be because been before being between but by can could do does done each every file files for from get gets had has have if in into is it its just like made make more most must need no node not of off on one only or other our over same should so some such than that the their them then there these they this those through to too under until up use used uses using very version want wants was we were what when where which while who will with without work would you your".split(
    " ",
  ),
);

/** Other names of the same thing; a name may be what is left of a word when some of its endings are gone. */
const aliases: Readonly<Record<string, string>> = {
  ...{ k8s: "kubernetes", kube: "kubernetes", postgresql: "postgres", pg: "postgres", db: "database" },
  ...{ config: "configuration", cert: "certificate", certif: "certificate", repo: "repository", env: "environment" },
  ...{ auth: "authentication", mem: "memory", ram: "memory", img: "image", dir: "folder", director: "folder" },
  ...{ svc: "service", ns: "namespace", prod: "production" },
};

/** A word as it was written, in small letters, and as it is compared: without its endings. */
export interface ReadWord {
  readonly written: string;
  readonly stem: string;
}

/**
 * The words of a text, common ones left out; a name such as `nodeSelector` as a whole and in its parts. One that stands in
 * the text twice is there twice.
 */
export function wordsOf(text: string): readonly ReadWord[] {
  return (text.match(/[\p{L}\p{N}]{2,}/gu) ?? [])
    .flatMap(namesIn)
    .filter((word) => !common.has(word))
    .map((written) => ({ written, stem: stem(written) }));
}

/** The words of a text as they are compared; see {@link wordsOf}. */
export function stemsOf(text: string): readonly string[] {
  return wordsOf(text).map(({ stem }) => stem);
}

function namesIn(word: string): readonly string[] {
  const whole = word.toLowerCase();
  const parts = word.split(/(?<=\p{Ll})(?=\p{Lu})/u);
  return parts.length === 1
    ? [whole]
    : [whole, ...parts.map((part) => part.toLowerCase()).filter((part) => part.length > 2)];
}

/** A name without its number, as `bind` for `bind9`; undefined for a word that has none. */
export function withoutNumber(word: string): string | undefined {
  const [, name] = /^(\p{L}{3,})\d{1,2}$/u.exec(word) ?? [];
  return name === undefined ? undefined : stem(name);
}

const longestCompound = 24;

/**
 * A word that nobody knows as two that are known: "healthcheck" as "health" and "check", "filesystem" as "system", since
 * "file" is common; [] when it is none such.
 */
export function partsOf(word: string, isKnown: (part: string) => boolean): readonly string[] {
  if (word.length > longestCompound) return [];
  for (let at = 2; at <= word.length - 2; at += 1) {
    const parts = [word.slice(0, at), word.slice(at)];
    if (parts.every((part) => part.length < 3)) continue;
    const telling = parts.filter((part) => part.length < 4 || !common.has(part)).map(stem);
    if (telling.length > 0 && telling.every(isKnown)) return telling;
  }
  return [];
}

/** English endings, in the order in which they are taken away. */
const endings =
  /(?:ations?|ators?|ating|ated|ates?|itions?|ions?|ings?|ments?|ness|ships?|fully?|less|ances?|ences?|ables?|ibles?|ously|ities|ity|ives?|i[sz]ed?|edly|ies|ied|ures?|ers?|ors?|est|ed|es|ly|al|ic|e|s|y|i)$/;

/** Words are few and come again and again; what has grown beyond this many is begun anew. */
const mostStems = 20_000;
const stems = new Map<string, string>();

/**
 * A word without its endings: "rejected", "rejects" and "rejection" are one, and so are "delivered" and "deliveries", of which
 * several have to be taken away. Of short words nothing is taken.
 */
function stem(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const found = /\d/.test(word) && aliases[word] === undefined ? word : withoutEndings(word);
  if (stems.size >= mostStems) stems.clear();
  stems.set(word, found);
  return found;
}

function withoutEndings(word: string): string {
  const told = aliases[word];
  let kept = told ?? word;
  // An alias says its name in full, whose endings go as well; it leads to no other one.
  let aliased = told !== undefined;
  while (kept.length >= 4) {
    const rest = kept.replace(endings, "");
    if (rest === kept || rest.length < 3) break;
    const single = rest.replace(/([^aeiouls])\1$/, "$1");
    const meant = aliased ? undefined : aliases[single];
    aliased ||= meant !== undefined;
    kept = meant ?? single;
  }
  return kept;
}
