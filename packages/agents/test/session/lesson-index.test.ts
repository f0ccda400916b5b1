import { parseLessons } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import { indexLessons } from "../../src/session/lesson-index.ts";
import { stemsOf } from "../../src/session/lesson-words.ts";

const lesson = (title: string, symptom: string) => `### ${title}\n**Symptom:** ${symptom} **Cause:** c **Fix:** f\n`;
const lessons = parseLessons(
  [
    lesson("vLLM needs shared memory", "The pods restart in a loop."),
    lesson("Postgres runs out of connections", "Clients are refused after some minutes."),
    lesson("The health check of nginx", "It times out behind the proxy."),
    lesson("Postgres backup is empty", "The nightly dump has no tables."),
  ].join("\n"),
  "docs/ai-lessons.md",
);

describe("finding lessons by other words", () => {
  test.each([
    ["vllm keeps restarting", "vLLM needs shared memory"],
    ["connection refused by postgresql", "Postgres runs out of connections"],
    ["our backups of the pg database were empty last night", "Postgres backup is empty"],
    ["a timeout in the healthcheck", "The health check of nginx"],
    ["the proyx", "The health check of nginx"],
    ["nightyl dumps without a tabel", "Postgres backup is empty"],
    ["postgre has no connectoins left", "Postgres runs out of connections"],
  ])("%s", (question, title) => {
    expect(indexLessons(lessons).search(question)[0]?.lesson.title).toBe(title);
  });

  test.each([
    ["the start says EADDRINUSE", "The port is taken"],
    ["address in use", "Nothing starts twice"],
    ["it ends with a segmentation fault", "The core is dumped"],
    ["exit status 139", "The core is dumped"],
    ["a gateway timeout", "Answers 504"],
    ["bind has it", "BIND9 forgets"],
    ["the pihole", "Pi-hole"],
    ["a filesystem", "The system file"],
  ])("that stand for a code, or are written as one: %s", (question, title) => {
    const known = parseLessons(
      [
        lesson("The port is taken", "Address already in use."),
        lesson("Nothing starts twice", "EADDRINUSE is what it says."),
        lesson("The core is dumped", "SIGSEGV."),
        lesson("Answers 504", "It takes long."),
        lesson("BIND9 forgets", "Zones are gone."),
        lesson("Pi-hole", "Advertisements are there."),
        lesson("The system file", "Broken."),
      ].join("\n"),
      "x.md",
    );
    const found = indexLessons(known).search(question);
    expect(found.slice(0, 2).map((hit) => hit.lesson.title)).toContain(title);
  });

  test("says which words of the question a lesson has, the most telling first", () => {
    const [first] = indexLessons(lessons).search("Again the nightly dumps of Postgres, with no tables");
    expect(first?.words()).toEqual(["nightly", "dumps", "tables", "postgres"]);
  });

  test("takes a word that it knows as it stands, and short ones never for others", () => {
    const known = parseLessons(
      [lesson("Hosts", "The host is gone."), lesson("Ghosts", "A ghost is there.")].join("\n"),
      "x",
    );
    expect(
      indexLessons(known)
        .search("a host")
        .map((hit) => hit.lesson.title),
    ).toEqual(["Hosts"]);
    expect(indexLessons(known).search("most of it")).toEqual([]);
  });

  test.each([
    ["delivered deliveries delivers delivery", 1],
    ["fails failure failing", 1],
    ["leader leadership", 1],
    ["k8s Kubernetes kube", 1],
    ["db database databases", 1],
    ["cert certs certificates", 1],
    ["directory folders dir", 1],
  ])("one word: %s", (words, stems) => {
    expect(new Set(stemsOf(words)).size).toBe(stems);
  });

  test("knows nothing of what no lesson speaks of", () => {
    expect(indexLessons(lessons).search("the printer is on fire")).toEqual([]);
    expect(indexLessons([]).search("postgres")).toEqual([]);
  });

  test("takes endings from words, and names apart", () => {
    const same = (words: string) => new Set(stemsOf(words)).size;
    expect(same("reject rejects rejected rejecting rejection")).toBe(1);
    expect(same("restart restarts restarting restarted")).toBe(1);
    expect(stemsOf("healthCheck").map((word) => word.slice(0, 5))).toEqual(["healt", "healt", "check"]);
  });

  test("stays quick on a text that was made to be slow", () => {
    const hostile = Array.from({ length: 20_000 }, (_, number) => `w${number.toString(36)}healthcheckz`).join(" ");
    expect(indexLessons(lessons).search(hostile)).toBeInstanceOf(Array);
  });
});
