import { parseLessons } from "@memomesh/core";
import { parseState } from "@memomesh/core/markdown";
import * as z from "zod";
import { proposed } from "./outside.ts";
import { refusal, tool } from "./tool.ts";

const lines = (what: string) => z.array(z.string().min(1)).optional().describe(what);

export const updateState = tool({
  name: "update_state",
  description:
    "Reports for the node's STATE.md, which the next session reads first: it remembers nothing else. Call it before the session ends.",
  schema: z.strictObject({
    status: z.string().min(1).optional().describe("Markdown that replaces the status: where the node stands now."),
    progress: lines("New entries of the progress list, one line each."),
    next: lines("New next actions, one line each."),
    done: lines("Next actions that are done now, word for word as they stand in STATE.md."),
    handover: z
      .string()
      .min(1)
      .optional()
      .describe("What whoever comes next has to know about this memo. Other memos' notes stay."),
  }),
  run(desk, { status, handover, done = [], progress = [], next = [] }) {
    const open = parseState(desk.context.state, "STATE.md").next.filter((item) => !item.done);
    const absent = done.filter((text) => !open.some((item) => item.text === text.trim()));
    if (absent.length > 0) {
      const known = open.map(({ text }) => JSON.stringify(text)).join(", ") || "none";
      throw refusal(
        "state",
        `STATE.md has no open action ${JSON.stringify(absent[0])}; it has ${known}. Nothing was reported.`,
      );
    }
    desk.report({
      ...(status === undefined ? {} : { status }),
      ...(handover === undefined ? {} : { handover }),
      progress,
      next,
      done: done.map((text) => text.trim()),
    });
    return "STATE.md is updated when the session has ended.";
  },
});

export const recordLesson = tool({
  name: "record_lesson",
  description:
    "Records a failure pattern that you have found, so that no session has to find it again. Not for news about this memo, and not for what is already a lesson.",
  schema: z.strictObject({
    title: z.string().min(1).describe("The pattern on one line."),
    symptom: z.string().min(1).describe("What one sees."),
    cause: z.string().min(1).describe("Why it happens."),
    fix: z.string().min(1).describe("What to do about it."),
    appliesTo: z.array(z.string().min(1)).optional().describe("Globs of the files it is about, such as **/*.yaml."),
  }),
  run(desk, { appliesTo = [], ...lesson }) {
    const known = desk.context.lessons.flatMap(({ source, file }) => parseLessons(source, file));
    const title = plainTitle(lesson.title);
    if ([...known, ...desk.lessons].some((each) => plainTitle(each.title) === title)) {
      throw refusal("lesson", `"${lesson.title}" is recorded already.`);
    }
    desk.record({ ...lesson, appliesTo });
    return desk.outside
      ? `The lesson is not recorded: ${proposed}`
      : "The lesson is recorded when the session has ended.";
  },
});

function plainTitle(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
