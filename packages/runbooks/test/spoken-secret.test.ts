import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { secretFingerprint } from "@memomesh/guard";
import { expect, test } from "vitest";
import { approveStep, journalFile, markByHand, markUndone, skipStep, stopRunbook } from "../src/index.ts";
import { ada, makeWorkspace } from "./workspace.ts";

const token = `ghp_${"Zx9Qw3Er7Ty1Ui5Op2As8Df4Gh6Jk0Lz".repeat(2).slice(0, 36)}`;
const says = `I logged in with ${token}.`;

test("what a person says about a decision is not recorded with a secret in it", async () => {
  const workspace = await makeWorkspace();
  await workspace.write([{ run: "true", undo: "true" }]);
  const gate = { score: 40, threshold: 85, passed: false, findings: [] };
  const review = await workspace.review({}, { judge: async () => gate });
  const decision = { by: ada, how: "terminal", override: says } as const;
  const secret = { code: "step.secret", exit: 77, sentence: expect.stringContaining("(github-token)") };
  await expect(approveStep(review.reviewed, 1, decision)).rejects.toMatchObject(secret);
  await expect(markByHand(review, 1, says)).rejects.toMatchObject(secret);
  await expect(skipStep(review, 1, says)).rejects.toMatchObject(secret);
  await expect(stopRunbook(review, says)).rejects.toMatchObject(secret);
  expect(existsSync(journalFile(workspace.runbook))).toBe(false);
  expect(existsSync(join(workspace.meshRoot, ".memomesh/approvals"))).toBe(false);
  await markByHand(review, 1, "I logged in.");
  await expect(markUndone(review, 1, says)).rejects.toMatchObject(secret);
  expect(readFileSync(journalFile(workspace.runbook), "utf8")).not.toContain(token);
});

test("what was taken for no secret may be said", async () => {
  const workspace = await makeWorkspace();
  await workspace.write([{ run: "true" }]);
  const review = await workspace.review({}, { allowedSecrets: [secretFingerprint(token)] });
  await skipStep(review, 1, says);
  expect(readFileSync(journalFile(workspace.runbook), "utf8")).toContain(token);
});
