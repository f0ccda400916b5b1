import { newId, parseMemo } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import type { MemoFile } from "../src/memo-file.ts";
import { nextWork } from "../src/worklist.ts";

function memo(fields: Record<string, string>, id = newId(1)): MemoFile {
  const header = Object.entries({ id, to: "sysadmin", ...fields }).map(([key, value]) => `${key}: ${value}\n`);
  return { path: `${id}.md`, memo: parseMemo(`---\n${header.join("")}---\n# Memo\n`, `${id}.md`) };
}

describe("what a node works on next", () => {
  test("the most urgent first, then the oldest", () => {
    const old = memo({ priority: "normal" }, newId(1000));
    const urgent = memo({ priority: "urgent" }, newId(3000));
    const young = memo({ priority: "normal" }, newId(2000));
    expect(nextWork([young, old, urgent], new Set())?.memo).toBe(urgent);
    expect(nextWork([young, old], new Set())?.memo).toBe(old);
  });

  test("memos that wait for a person or an answer are left alone", () => {
    expect(
      nextWork([memo({ status: "prepared" }), memo({ status: "asked" }), memo({ status: "failed" })], new Set()),
    ).toBeUndefined();
  });

  test("an answer wakes the memo that asked", () => {
    const question = newId(2);
    const asked = memo({ status: "asked", question });
    const answer = memo({ re: question });
    expect(nextWork([answer, asked], new Set())).toEqual({ memo: asked, answers: [answer] });
  });

  test("an answer to nothing that waits here is a memo like any other", () => {
    const answer = memo({ re: newId(5) });
    expect(nextWork([answer], new Set())).toEqual({ memo: answer, answers: [] });
  });

  test("what is under way is not taken a second time", () => {
    const one = memo({});
    expect(nextWork([one], new Set([one.memo.header.id as string]))).toBeUndefined();
  });
});
