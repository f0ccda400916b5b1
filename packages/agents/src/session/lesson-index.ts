import type { Lesson } from "@memomesh/core";
import { codeInWords } from "./code-words.ts";
import { partsOf, type ReadWord, withoutNumber, wordsOf } from "./lesson-words.ts";
import { NearWords } from "./near-words.ts";

/** A lesson and how well it fits; the more, the better. */
export interface LessonHit {
  readonly lesson: Lesson;
  readonly score: number;
  /** How many different words of the question it has. */
  readonly shared: number;
  /** These words as the question has them, those first that say the most; worked out when it is called. */
  words(): readonly string[];
}

/** Lessons, made ready to be asked by words. */
export interface LessonIndex {
  /** Those that share words with a text, the likeliest first. */
  search(text: string): readonly LessonHit[];
}

/** How much a word of each part of a lesson says: people describe what they see, not what caused it. */
const weights = { title: 2, symptom: 2, cause: 1, fix: 0.5 } as const;

/** Of Okapi BM25, as usual: how soon a word that stands there often says no more, and how much long texts are held back. */
const k1 = 1.2;
const b = 0.6;

/** What a word counts that is only like one of the question's: mistyped there, or shortened. */
const likeness = 0.7;

/** What a word counts that only says what a code means. */
const meaning = 0.5;

/** Of a longer text the beginning is looked at, in characters. */
const longestQuestion = 40_000;

/** Makes lessons ready. It takes about 20 µs a lesson. */
export function indexLessons(lessons: readonly Lesson[]): LessonIndex {
  const postings = new Map<string, { readonly doc: number; readonly weight: number }[]>();
  const lessonWords: ReadonlyMap<string, number>[] = [];
  const lengths = lessons.map((lesson, doc) => {
    const words = new Map<string, number>();
    lessonWords.push(words);
    for (const [part, weight] of Object.entries(weights))
      for (const { stem, share } of toldBy(lesson[part as keyof typeof weights])) {
        words.set(stem, (words.get(stem) ?? 0) + weight * share);
        const name = withoutNumber(stem);
        if (name !== undefined) words.set(name, (words.get(name) ?? 0) + weight * likeness);
      }
    let length = 0;
    for (const [word, weight] of words) {
      length += weight;
      const known = postings.get(word);
      if (known === undefined) postings.set(word, [{ doc, weight }]);
      else known.push({ doc, weight });
    }
    return length;
  });
  const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  let near: NearWords | undefined;
  return {
    search(text) {
      const scores = new Float64Array(lessons.length);
      const shared = new Uint16Array(lessons.length);
      const isKnown = (word: string) => postings.has(word);
      const nearTo = (word: string) => {
        near ??= new NearWords(postings.keys());
        return near.of(word);
      };
      const telling: { readonly word: string; readonly written: string; readonly worth: number }[] = [];
      for (const [written, each] of askedFor(text.slice(0, longestQuestion), isKnown, nearTo)) {
        const counted = new Set<number>();
        for (const { word, share } of each) {
          const found = postings.get(word) ?? [];
          const rarity = Math.log(1 + (lessons.length - found.length + 0.5) / (found.length + 0.5));
          telling.push({ word, written, worth: share * rarity });
          for (const { doc, weight } of found) {
            const held = k1 * (1 - b + (b * (lengths[doc] ?? 0)) / mean);
            scores[doc] = (scores[doc] ?? 0) + (share * rarity * weight * (k1 + 1)) / (weight + held);
            // A word that stands for several others is shared once.
            if (!counted.has(doc)) shared[doc] = (shared[doc] ?? 0) + 1;
            if (each.length > 1) counted.add(doc);
          }
        }
      }
      telling.sort((x, y) => y.worth - x.worth);
      const wordsIn = (doc: number) => [
        ...new Set(telling.flatMap(({ word, written }) => (lessonWords[doc]?.has(word) ? [written] : []))),
      ];
      const hits: LessonHit[] = [];
      for (const [doc, lesson] of lessons.entries()) {
        const count = shared[doc] ?? 0;
        if (count > 0) hits.push({ lesson, score: scores[doc] ?? 0, shared: count, words: () => wordsIn(doc) });
      }
      return hits.sort((x, y) => y.score - x.score);
    },
  };
}

/** A word that lessons have, and how much it counts for a question. */
interface AskedWord {
  readonly word: string;
  readonly share: number;
}

/**
 * What a question asks for, by its words as they are written: the word itself where a lesson has it, else its parts or its
 * name without a number, else those that are nearly it.
 */
function askedFor(
  text: string,
  isKnown: (word: string) => boolean,
  nearTo: (word: string) => readonly string[],
): ReadonlyMap<string, readonly AskedWord[]> {
  const best = new Map<string, AskedWord & { readonly written: string }>();
  const ask = (words: readonly string[], share: number, written: string) => {
    for (const word of words) if ((best.get(word)?.share ?? 0) < share) best.set(word, { word, share, written });
  };
  for (const { stem, written, share } of distinct(toldBy(text))) {
    const name = withoutNumber(stem);
    if (isKnown(stem)) ask([stem], share, written);
    else if (name !== undefined && isKnown(name)) ask([name], share, written);
    else {
      const parts = partsOf(stem, isKnown);
      if (parts.length > 0) ask(parts, share, written);
      else if (share === 1) ask(nearTo(stem), likeness, written);
    }
  }
  return Map.groupBy(best.values(), ({ written }) => written);
}

function distinct(words: readonly ToldWord[]): Iterable<ToldWord> {
  const found = new Map<string, ToldWord>();
  for (const word of words) if ((found.get(word.stem)?.share ?? 0) < word.share) found.set(word.stem, word);
  return found.values();
}

/** A word of a text, and how much it counts. */
interface ToldWord extends ReadWord {
  readonly share: number;
}

/** The words of a text, and those that say what its codes mean. */
function toldBy(text: string): readonly ToldWord[] {
  return wordsOf(text).flatMap((word) => {
    const meant = wordsOf(codeInWords(word.written));
    return [{ ...word, share: 1 }, ...meant.map(({ stem }) => ({ written: word.written, stem, share: meaning }))];
  });
}
