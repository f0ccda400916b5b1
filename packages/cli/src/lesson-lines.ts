import type { NodeLesson } from "@memomesh/mesh/lessons";
import { paint, type Text, text } from "./text.ts";
import { wrapWords } from "./wrap.ts";

export function lessonData({ node, lesson }: NodeLesson) {
  const { detect, seen = 1, ...facts } = lesson;
  return { node: node.operator ? null : node.id, ...facts, seen, detector: detect !== undefined };
}

/** One line of a list: where it stands, its title, how often it was learned, whether a machine checks it. */
export function lessonRow({ node, lesson }: NodeLesson): Text[] {
  const { title, category = "", file, line, impact, seen = 1, detect } = lesson;
  const marks = [
    ...(impact === undefined ? [] : ["high impact"]),
    ...(seen > 1 ? [`${seen} times`] : []),
    ...(detect === undefined ? [] : ["detector"]),
  ].join(", ");
  return [
    paint("bold", title),
    text`${node.operator ? "all nodes" : node.id}`,
    text`${category}`,
    paint("dim", `${file}:${line}`),
    paint("dim", marks),
  ];
}

/** A lesson as a whole. */
export function lessonLines({ node, lesson }: NodeLesson, width: number | undefined): Text[] {
  const { title, category = "", file, line, symptom, cause, fix, appliesTo, impact, seen = 1, detect } = lesson;
  const parts = [
    ["Category", category],
    ["Symptom", symptom],
    ["Cause", cause],
    ["Fix", fix],
    ["Applies to", appliesTo.join(", ")],
    ["Impact", impact === undefined ? "" : "high; told to every session"],
    ["Seen", seen > 1 ? `${seen} times` : ""],
    ["Detector", detect === undefined ? "" : `at line ${detect.line}`],
  ] as const;
  return [
    paint("bold", title),
    paint("dim", `${file}:${line}, ${node.operator ? "for all nodes" : `of ${node.id}`}`),
    ...parts.flatMap(([name, value]) =>
      value === "" ? [] : wrapWords(`  ${name}: ${value}`, width).map((row) => text`${row}`),
    ),
  ];
}
