import type { Changeset } from "@memomesh/core";
import { newId, printRunbook } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import { checkChangeset, unreadable } from "../src/intake.ts";
import { plainMesh, plainNode } from "./plain-mesh.ts";

const ops = plainNode("ops", ["shop"], ["shop/dist/**"]);
const operator = plainNode("operator", ["*"], [], "/m");
const mesh = plainMesh([operator, ops, plainNode("shop", [], [], "/srv/shop"), plainNode("blog")], {
  targets: { staging: { kind: "local", path: "t", production: false, env: {} } },
});
const memo = newId(1);

function changeset(change: Partial<Changeset>): Changeset {
  const outcome = { kind: "done", notes: "", done: [], unknown: [] } as const;
  return { session: newId(2), node: "ops", memo, agent: "offline", base: {}, files: [], memos: [], outcome, ...change };
}

function runbook(change: {
  target?: string;
  node?: string;
  memo?: string;
  files?: string[];
  run?: string;
  path?: string;
}): Changeset {
  const { target = "staging", run = "true", files = [], path = "runbooks/try.md" } = change;
  const source = printRunbook({
    id: `rb-${newId(3)}`,
    memo: change.memo ?? memo,
    node: change.node ?? "ops",
    target,
    created: "2026-11-21T10:00:00Z",
    title: "Try",
    what: "Tries.",
    unknown: [],
    rollback: "Nothing.",
    steps: [{ title: "Try", risk: "low", prose: "Tries.", run, needs: { files } }],
  });
  return changeset({ outcome: { kind: "prepared", notes: "", done: [], unknown: [], runbook: { path, source } } });
}

function sent(to: string): Changeset {
  return changeset({ memos: [{ to: [to], subject: "Hi", type: "ask", priority: "normal", body: "" }] });
}

describe("a changeset stays within its node", () => {
  test.each([
    ["a file of its own", changeset({ files: [{ path: "services/shop/compose.yaml", content: "x" }] })],
    ["a memo to a node that was granted", sent("shop")],
    ["a runbook with a granted file of a node elsewhere", runbook({ files: ["../srv/shop/dist/app"] })],
    ["a runbook with a file of its own", runbook({ files: ["projects/ops/x"] })],
  ])("lets %s through", (_, allowed) => {
    expect(() => checkChangeset(allowed, mesh, ops)).not.toThrow();
  });

  test.each([
    ["a file outside", changeset({ files: [{ path: "../blog/x", content: "x" }] }), "../blog/x"],
    ["its own instructions", changeset({ files: [{ path: "AGENTS.md", content: "x" }] }), "AGENTS.md"],
    ["its own grants", changeset({ files: [{ path: "node.yml", content: "x" }] }), "node.yml"],
    ["the record of a run", changeset({ files: [{ path: "runbooks/a.record.jsonl", content: "" }] }), "record"],
    ["a second opinion of its own", changeset({ files: [{ path: "runbooks/a.review.md", content: "" }] }), "opinion"],
    ["a runbook in the place of an opinion", runbook({ path: "runbooks/a.review.md" }), "a runbook is a file"],
    ["a memo to a node that was not granted", sent("blog"), "blog"],
    ["a memo to nobody", sent("nobody"), "nobody"],
    ["a runbook for an unknown target", runbook({ target: "moon" }), "moon"],
    ["a runbook in another node's name", runbook({ node: "shop" }), "shop"],
    ["a runbook for another memo", runbook({ memo: newId(9) }), "not the memo"],
    ["a runbook with a file that was not granted", runbook({ files: ["../srv/shop/src/x"] }), "src/x"],
    ["a runbook with a file of nobody", runbook({ files: ["../etc/passwd"] }), "etc/passwd"],
    ["a runbook with an invisible character", runbook({ run: "echo a\u200bb" }), "U+200B"],
  ])("refuses %s, and says so", (_, refused, reason) => {
    expect(() => checkChangeset(refused, mesh, ops)).toThrow(reason);
  });
});

test("the operator's own runbooks may name any file of the mesh", () => {
  expect(unreadable("docs/x.md", mesh, operator)).toBeUndefined();
  expect(unreadable("docs/x.md", mesh, ops)).toContain("no node's folder");
});
