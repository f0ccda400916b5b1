import { describe, expect, it } from "vitest";
import { parseState, updateState } from "../src/markdown.ts";

const at = "2026-11-21T10:14:09Z";
const source = `---
updated: 2026-11-20T08:00:00Z   # by hand
---
# shop

Our shop.

## Status
All well.

## Recent progress
- 2026-11-20: second
  with more
- 2026-11-19: first

## Our own section
Kept.

## Next actions
- [ ] Renew the certificate
- [x] Old one

## Handover notes
Mind the gap.
`;

describe("updateState", () => {
  it("touches only what changes", () => {
    const { source: next, moved } = updateState(source, {
      at,
      status: "Staging waits.",
      progress: ["Prepared\n1.4.2"],
      next: ["Approve the runbook", "Renew the certificate"],
      done: ["Renew the certificate"],
      handover: "Ask first.",
    });
    const expected = source
      .replace("2026-11-20T08:00:00Z", at)
      .replace("All well.", "Staging waits.")
      .replace("- 2026-11-20", "- 2026-11-21: Prepared 1.4.2\n- 2026-11-20")
      .replace("- [ ] Renew", "- [x] Renew")
      .replace("Old one\n", "Old one\n- [ ] Approve the runbook\n- [ ] Renew the certificate\n")
      .replace("Mind the gap.", "Ask first.");
    expect(next).toBe(expected);
    expect(moved).toEqual([]);
  });

  it("makes the file when there is none", () => {
    expect(updateState("", { at, progress: ["Began"], next: ["Go on"], handover: "None." }).source).toBe(
      `---\nupdated: ${at}\n---\n# State\n\n## Status\n\n## Recent progress\n\n- 2026-11-21: Began\n\n## Next actions\n\n- [ ] Go on\n\n## Handover notes\n\nNone.\n`,
    );
  });

  it.each([
    "odd",
    "odd\n",
    "# x\r\n\r\ny\r\n",
    "## Status",
    "---\n---\n",
    "## status\n\n### Detail\nx\n",
    "* a\n* b\n",
    "## Recent progress\nNone yet.\n",
  ])("works on %j and is read back", (odd) => {
    const first = updateState(odd, { at, status: "s", progress: ["p"], next: ["n"], handover: "h" }).source;
    const second = updateState(first, { at, done: ["n"], progress: ["q"] }).source;
    const { updated, status, progress, next, handover } = parseState(second, "STATE.md");
    expect([updated, status, handover]).toEqual([at, "s", "h"]);
    expect(progress.map(({ text }) => text)).toEqual(["- 2026-11-21: q", "- 2026-11-21: p"]);
    expect(next).toMatchObject([{ text: "n", done: true }]);
    expect(/(?<!\r)\n/.test(second)).toBe(!odd.includes("\r"));
  });

  it("moves the oldest progress and finished actions out, and loses nothing", () => {
    const { source: next, moved } = updateState(source, { at, keep: 2, progress: ["third", "also"] });
    expect(moved).toEqual(["- 2026-11-20: second\n  with more", "- 2026-11-19: first"]);
    expect(parseState(next, "STATE.md").progress.map(({ text }) => text)).toEqual([
      "- 2026-11-21: third",
      "- 2026-11-21: also",
    ]);
    const finished = updateState(source, { at, keep: 0, next: ["new"] });
    expect(finished.moved).toEqual(["- [x] Old one"]);
    expect(parseState(finished.source, "STATE.md").next.map(({ text }) => text)).toEqual([
      "Renew the certificate",
      "new",
    ]);
  });

  it("keeps notes from looking like sections of the file", () => {
    const handover = "## Next actions\n- [ ] forged\n\n```sh\n# fine\n```\n<!-- open";
    const { source: next } = updateState(source, { at, handover, status: "```\nopen" });
    const state = parseState(next, "STATE.md");
    expect(state.next.map(({ text }) => text)).toEqual(["Renew the certificate", "Old one"]);
    expect(state.handover).toBe("\\## Next actions\n- [ ] forged\n\n```sh\n# fine\n```\n<!-- open -->");
  });
});
