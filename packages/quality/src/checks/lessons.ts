import type { Check } from "../check.ts";
import { loadDetectors, violations } from "../detect/lessons.ts";
import { cost, type Flaw } from "../finding.ts";

export const lessons: Check = {
  id: "lessons",
  title: "No lesson violated",
  weight: 8,
  about:
    "The same mistake is not made twice: the detectors of all lessons look at every file. A hit names the lesson and shows its fix, and blocks, unless the detector says `blocks: false`. A detector that cannot be read, does not find its own bad example, or does not come to an end is a finding too; it costs no points. A detector is tried when it would look at one of the files, or stands in one.",
  look({ lessons: known, files, shell }) {
    if (!known.some(({ detect }) => detect !== undefined)) return undefined;
    const { detectors, broken } = loadDetectors(
      known,
      files.map(({ path }) => path),
    );
    const { hits, stopped } = violations(
      detectors,
      files.map((file) => ({ ...file, shell: shell.filter((text) => text.file === file.path) })),
    );
    const unusable = [...broken, ...stopped].map((each): Flaw => ({ ...each, cost: cost.none, fix: "mend the block" }));
    return [
      ...hits.map(({ path, line, detector }): Flaw => {
        const { title, fix, file, line: at } = detector.lesson;
        return {
          file: path,
          line,
          text: `lesson "${title}" (${file}:${at})`,
          cost: cost.serious,
          ...(fix === "" ? {} : { fix: fix.replace(/\s+/g, " ").replace(/\.$/, "") }),
          ...(detector.blocks ? { blocks: true } : {}),
        };
      }),
      ...unusable,
    ];
  },
};
