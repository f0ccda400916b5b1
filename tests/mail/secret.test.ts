import { expect, test } from "vitest";
import { written } from "./memo-text.ts";
import { ofKind, Workspace } from "./workspace.ts";

const token = `ghp_${"Zx9Qw3Er7Ty1Ui5Op2As8Df4Gh6Jk0Lz".repeat(2).slice(0, 36)}`;

test("holds back a memo with a secret, says where, and keeps the secret out of the history", async () => {
  const mesh = Workspace.open({ nodes: { alpha: { send: ["beta"] }, beta: {} }, git: true });
  mesh.drop("alpha", "key.md", `${written("beta", "Key")}\nUse ${token}.\n`);
  mesh.drop("alpha", "fine.md", written("beta", "Fine"));
  const events = await mesh.run();
  expect(ofKind(events, "rejected")).toMatchObject([{ node: "alpha", code: "memo.secret" }]);
  expect(mesh.inbox("beta").map(({ text }) => text)).toEqual([expect.stringContaining("# Fine")]);
  const [rejected] = mesh.rejected("alpha");
  expect(rejected?.reason).toMatch(/key\.md:\d+.*github-token.*guard secrets/s);
  expect(rejected?.reason).not.toContain(token);
  expect(mesh.git("log", "--all", "-p")).not.toContain(token);
  expect(mesh.uncommitted().join()).toContain("rejected/key.md");
});
