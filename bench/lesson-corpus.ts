import type { LessonDraft } from "../packages/core/src/index.ts";

/** What lessons and questions are made of: each trouble of each component under each circumstance. */
export interface Words {
  /** As a lesson names it, and as people call it. */
  readonly components: readonly (readonly [string, string])[];
  /** As the lesson tells it, and as people tell it who see it again; its cause and its fix. */
  readonly troubles: readonly (readonly [string, readonly [string, string], string, string])[];
  readonly circumstances: readonly (readonly [string, readonly [string, string]])[];
  readonly frames: readonly ((what: string, where: string, when: string) => string)[];
}

/** How many of a hundred words are mistyped. */
const typos = 3;

/** The same lessons and questions in every run: a question for each lesson, in other words and with typos. */
export function corpusOf(
  { components, troubles, circumstances, frames }: Words,
  seed: number,
): { readonly lesson: LessonDraft; readonly question: string }[] {
  const chance = chances(seed);
  return components.flatMap(([component, called]) =>
    troubles.flatMap(([told, again, cause, fix]) =>
      circumstances.map(([circumstance, seen]) => {
        const lesson = {
          title: `${component}: ${told}`,
          symptom: `${told} ${circumstance}.`,
          cause: `${cause}.`,
          fix: `${fix}.`,
          appliesTo: [],
        };
        const frame = pick(frames, chance);
        return { lesson, question: mistyped(frame(pick(again, chance), called, pick(seen, chance)), chance) };
      }),
    ),
  );
}

/** Numbers from 0 to 1, always the same ones (mulberry32). */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick<T>(all: readonly T[], chance: () => number): T {
  return all[Math.floor(chance() * all.length)] as T;
}

/** Two letters change places, one is missing, or one stands there twice; in words of five letters and more. */
function mistyped(text: string, chance: () => number): string {
  return text.replace(/\p{L}{5,}/gu, (word) => {
    if (chance() * 100 >= typos) return word;
    const at = 1 + Math.floor(chance() * (word.length - 2));
    const [a = "", b = ""] = [word[at], word[at + 1]];
    return word.slice(0, at) + pick([b + a, b, a + a + b], chance) + word.slice(at + 2);
  });
}
