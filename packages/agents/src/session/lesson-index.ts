import type { Lesson } from "@memomesh/core";
import { partsOf, stemsOf, wordsOf } from "./lesson-words.ts";
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
      for (const word of stemsOf(lesson[part as keyof typeof weights]))
        words.set(word, (words.get(word) ?? 0) + weight);
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
      const asked = new Map(wordsOf(text.slice(0, longestQuestion)).map(({ stem, written }) => [stem, written]));
      const words = new Map<string, { readonly share: number; readonly written: string }>();
      for (const [word, written] of asked) {
        const whole = isKnown(word) ? [word] : partsOf(word, isKnown);
        for (const each of whole) words.set(each, { share: 1, written });
        if (whole.length > 0) continue;
        near ??= new NearWords(postings.keys());
        for (const each of near.of(word)) if (!words.has(each)) words.set(each, { share: likeness, written });
      }
      const telling: { readonly word: string; readonly written: string; readonly worth: number }[] = [];
      for (const [word, { share, written }] of words) {
        const found = postings.get(word) ?? [];
        const rarity = Math.log(1 + (lessons.length - found.length + 0.5) / (found.length + 0.5));
        telling.push({ word, written, worth: share * rarity });
        for (const { doc, weight } of found) {
          const held = k1 * (1 - b + (b * (lengths[doc] ?? 0)) / mean);
          scores[doc] = (scores[doc] ?? 0) + (share * rarity * weight * (k1 + 1)) / (weight + held);
          shared[doc] = (shared[doc] ?? 0) + 1;
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
