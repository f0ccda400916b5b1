import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { appendAudit } from "../../src/hooks/audit.ts";
import { keepSessionAudit } from "../../src/hooks/session-audit.ts";
import { put, temporaryFolder } from "../folder.ts";

const entry = {
  ...{ at: "2026-11-21T10:00:00.000Z", node: "forged", program: "claude", session: "s", tool: "Bash" },
  ...{ subject: "ls", allowed: true, changes: false, reason: "it reads" },
};

test("what the guard noted in a session is added to the node's trail, and nothing that stands there changes", async () => {
  const root = await temporaryFolder();
  const [from, to] = [join(root, "session"), join(root, "trail")];
  appendAudit(to, { ...entry, node: "ops", subject: "earlier" });
  appendAudit(from, entry);
  await put(root, "session/2026-12.jsonl", `{"at":"2026-12-01T00:00:00.000Z"}\nnonsense\n`);
  symlinkSync("/etc/passwd", join(from, "2027-01.jsonl"));
  keepSessionAudit(from, to, "ops");
  const lines = readFileSync(join(to, "2026-11.jsonl"), "utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { node: "ops", subject: "earlier" },
    { node: "ops", subject: "ls", reason: "it reads" },
  ]);
  keepSessionAudit(join(root, "absent"), to, "ops");
});
