// A lesson is kept once: what says the same is counted, what people wrote stays.
import { type LessonDraft, parseLessons, printLesson } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import { initMesh } from "../src/init.ts";
import { seenAgain, withLesson, withoutLesson } from "../src/lessons/keep.ts";
import { findLesson, readLessons, searchLessons } from "../src/lessons/lessons.ts";
import { loadMesh } from "../src/load.ts";
import { put, temporaryFolder } from "./folder.ts";

const selector: LessonDraft = {
  title: "Service sends half of its traffic to the database pod",
  symptom: "About half of the requests fail with 502.",
  cause: "The selector matches the web and the database pod.",
  fix: "Add a component label to the selector.",
  appliesTo: ["**/*.yaml"],
};
const certificate: LessonDraft = {
  title: "The certificate is not renewed",
  symptom: "Browsers warn.",
  cause: "Port 80 is closed.",
  fix: "Open it.",
  appliesTo: [],
};
const detect = "\n\n```yaml detect\nregex: x\n### no heading\n```\n";
const day = "2026-11-21T10:00:00Z";

describe("a lesson that is learned again", () => {
  const source = `# Lessons\n\n${printLesson(selector)}${detect}\n${printLesson(certificate)}\n`;

  test("is counted where it stands, before its detector, and not written twice", () => {
    const again = { ...selector, symptom: "Half of all requests are failing: 502", fix: "Something else." };
    const once = withLesson(source, again, day);
    expect(once.known?.title).toBe(selector.title);
    const twice = withLesson(once.source, again, day).source;
    expect(twice).toBe(
      source.replace(
        "**Applies to:** `**/*.yaml`",
        "**Applies to:** `**/*.yaml`\n**Seen:** 3 times, last on 2026-11-21.",
      ),
    );
    const [first, second] = parseLessons(twice, "x");
    expect(first).toMatchObject({ seen: 3, appliesTo: ["**/*.yaml"], detect: { text: "regex: x\n### no heading" } });
    expect(second).not.toHaveProperty("seen");
  });

  test("is added when it says something else", () => {
    const { source: after, known } = withLesson(
      source,
      { ...certificate, title: "Disk full", symptom: "Logs.", cause: "No rotation." },
      day,
    );
    expect(known).toBeUndefined();
    expect(after.startsWith(source)).toBe(true);
    expect(parseLessons(after, "x")).toHaveLength(3);
  });

  test("is kept in its category, newest last, and outside of all when it has none", () => {
    const other = (title: string) => ({ ...certificate, title, symptom: title, cause: title });
    const inDisks = withLesson(source, other("Disk full"), day, "Disks").source;
    const both = withLesson(inDisks, other("Inodes gone"), day, "disks").source;
    const all = withLesson(both, other("Clock drifts"), day).source;
    expect(parseLessons(all, "x").map(({ title, category }) => [title, category])).toEqual([
      [selector.title, undefined],
      [certificate.title, undefined],
      ["Clock drifts", undefined],
      ["Disk full", "Disks"],
      ["Inodes gone", "Disks"],
    ]);
    expect(all.match(/^## /gm)).toHaveLength(1);
  });

  test("can be taken out whole, with its detector and nothing else", () => {
    const [first, second] = parseLessons(source, "x");
    if (first === undefined || second === undefined) throw new Error("two lessons are expected");
    expect(parseLessons(withoutLesson(source, first), "x").map(({ title }) => title)).toEqual([certificate.title]);
    expect(seenAgain(source, second, day, 2)).toBe(`${source.trimEnd()}\n**Seen:** 3 times, last on 2026-11-21.\n`);
  });
});

test("finds a lesson by other words, and by name", async () => {
  const root = await temporaryFolder();
  await initMesh(root, { name: "studio", git: false });
  await put(root, "docs/ai-lessons.md", `# Lessons\n\n${printLesson(certificate)}\n\n${printLesson(selector)}\n`);
  const lessons = await readLessons(await loadMesh(root));
  const titles = searchLessons(lessons, "every second request is failing, status 502", 5).map(
    ({ lesson }) => lesson.title,
  );
  expect(titles).toEqual([selector.title]);
  expect(findLesson(lessons, "the cert").lesson.title).toBe(certificate.title);
  expect(findLesson(lessons, "docs/ai-lessons.md:3").lesson.title).toBe(certificate.title);
  expect(() => findLesson(lessons, "nothing")).toThrow(/there is no lesson "nothing"/);
});
