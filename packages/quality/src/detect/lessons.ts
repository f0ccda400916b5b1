import { type Lesson, MeshError } from "@memomesh/core";
import { readDocuments } from "../yaml/read-documents.ts";
import { Deadline, TimeUp } from "./deadline.ts";
import { type LessonDetector, readDetector } from "./detector.ts";
import { findHits, type Hit, type Searched } from "./find-hits.ts";
import { lessonsFor } from "./meant.ts";

/** A detector that is not used, and why. The place is that of its block. */
export interface BrokenDetector {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Time that one detector has for all files, and for its own examples, in milliseconds. */
const detectorTime = 1000;
/** The same for all detectors together. */
const wholeTime = 20_000;

// What became of a block is true as long as every byte of its lesson is the same, however often the file is read anew.
const known = new Map<string, LessonDetector | BrokenDetector | "none">();
/** A mesh has a few hundred; what a process of many days has once known is let go. */
const mostKnown = 2000;

/**
 * Reads the detectors of lessons and tries each on its own examples. One that does not behave is not used, and said.
 *
 * @param paths only those that may look at one of these files; what no file needs is neither read nor tried. Absent: all
 */
export function loadDetectors(
  lessons: readonly Lesson[],
  paths?: readonly string[],
): {
  readonly detectors: readonly LessonDetector[];
  readonly broken: readonly BrokenDetector[];
} {
  const needed = paths === undefined ? lessons : lessonsFor(lessons, paths);
  const loaded = needed.map(loadOnce).filter((each) => each !== "none");
  return {
    detectors: loaded.flatMap((each) => ("text" in each ? [] : [each])),
    broken: loaded.flatMap((each) => ("text" in each ? [each] : [])),
  };
}

/** Which detectors of these lessons cannot be used, whatever they would look at. */
export function brokenDetectors(lessons: readonly Lesson[]): readonly BrokenDetector[] {
  return loadDetectors(lessons).broken;
}

function loadOnce(lesson: Lesson): LessonDetector | BrokenDetector | "none" {
  if (lesson.detect === undefined) return "none";
  const key = JSON.stringify(lesson);
  const loaded = known.get(key) ?? load(lesson) ?? "none";
  if (known.size >= mostKnown) known.clear();
  known.set(key, loaded);
  return loaded;
}

function load(lesson: Lesson): LessonDetector | BrokenDetector | undefined {
  const { file, title, detect, line } = lesson;
  const fault = (text: string, at = detect?.line ?? line): BrokenDetector => ({
    file,
    line: at,
    text: `the detector of "${title}" ${text}`,
  });
  try {
    const detector = readDetector(lesson);
    const misbehaviour = detector === undefined ? undefined : tryExamples(detector);
    return misbehaviour === undefined ? detector : fault(misbehaviour);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return fault(`cannot be read: ${error.sentence.replace(/\.$/, "")}`, error.place?.line);
  }
}

/** What a detector says about its own examples, when that is not what they are there for. */
function tryExamples(detector: LessonDetector): string | undefined {
  const deadline = new Deadline(detectorTime);
  const isHit = (text: string) => findHits(detector, [searched("example", text)], deadline).length > 0;
  try {
    const missed = detector.bad.findIndex((text) => !isHit(text));
    if (missed !== -1) return `does not find its bad example${numbered(missed, detector.bad)}`;
    const wrong = detector.good.findIndex(isHit);
    return wrong === -1 ? undefined : `finds something in its good example${numbered(wrong, detector.good)}`;
  } catch (error) {
    if (error instanceof TimeUp) return `did not come to an end within ${detectorTime / 1000} s on its examples`;
    throw error;
  }
}

function numbered(index: number, all: readonly string[]): string {
  return all.length > 1 ? ` ${index + 1}` : "";
}

/** A text as detectors look at it. Whether it is shell, or YAML, its detector knows. */
export function searched(path: string, text: string): Searched {
  let documents: Searched["documents"] | undefined;
  return {
    path,
    lines: text.split(/\r?\n/),
    // Only when a detector asks: reading takes longer than all that the others do.
    get documents() {
      documents ??= readDocuments(text).documents;
      return documents;
    },
    shell: [{ line: 1, text }],
  };
}

/** Where lessons are violated, and which detectors were stopped. */
export function violations(
  detectors: readonly LessonDetector[],
  files: readonly Searched[],
): {
  readonly hits: readonly (Hit & { readonly detector: LessonDetector })[];
  readonly stopped: readonly BrokenDetector[];
} {
  const stopped: BrokenDetector[] = [];
  const end = performance.now() + wholeTime;
  const hits = detectors.flatMap((detector) => {
    const left = Math.min(detectorTime, end - performance.now());
    try {
      const own = files.filter(({ path }) => detector.fits(path));
      return findHits(detector, own, new Deadline(left)).map((hit) => ({ ...hit, detector }));
    } catch (error) {
      if (!(error instanceof TimeUp)) throw error;
      const { title, file, line, detect } = detector.lesson;
      const text = `the detector of "${title}" was stopped: it did not come to an end within ${detectorTime / 1000} s`;
      stopped.push({ file, line: detect?.line ?? line, text });
      return [];
    }
  });
  return { hits, stopped };
}
