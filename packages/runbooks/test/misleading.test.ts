import { describe, expect, test } from "vitest";
import { approveStep, checkRunbook, misleadingInStep, misleadingInText } from "../src/index.ts";
import { ada, makeWorkspace } from "./workspace.ts";

describe("text of a runbook that lies", () => {
  test("is named with its place: signs, letters, links, what a rendered page does not show", async () => {
    const workspace = await makeWorkspace();
    const prose = "See [https://shop.example](https://evil.example/x). <!-- never mind -->";
    await workspace.write([{ prose, run: "echo one\nѕudo true" }, { run: "echo fine" }]);
    const reviewed = await workspace.open();
    const found = reviewed.steps.map(({ step }) => misleadingInStep(step));
    expect(found[0]).toMatchObject([
      { where: "its text", kind: "markup", reason: expect.stringContaining("leads to evil.example") },
      { where: "its text", kind: "markup", reason: expect.stringContaining("is a comment") },
      { where: "its run commands", kind: "lookalike", reason: expect.stringContaining('looks like "sudo"') },
    ]);
    const line = reviewed.runbook.source.split("\n").findIndex((each) => each.startsWith("ѕudo")) + 1;
    expect(found[0]?.[2]?.line).toBe(line);
    expect(found[1]).toEqual([]);
    expect(checkRunbook(reviewed).filter(({ code }) => code === "runbook.step.misleading")).toHaveLength(3);
  });

  test("is named where it stands around the steps", () => {
    const sections = [{ heading: "What this does", text: "Deploys.<!-- and more -->" }];
    const title = "Deploy";
    const found = misleadingInText({ title, sections: sections as never });
    expect(found).toMatchObject([{ where: '"What this does"', kind: "markup" }]);
  });

  test.each([
    ["a bidirectional override", "\u202e"],
    ["a zero-width space", "\u200b"],
    ["a tag character", "\u{e0041}"],
  ])("cannot be approved when it holds %s, whatever digest is given", async (_, hidden) => {
    const workspace = await makeWorkspace();
    for (const step of [{ run: `echo a${hidden}b` }, { run: "true", prose: `All is w${hidden}ell.` }]) {
      await workspace.write([step]);
      const reviewed = await workspace.open();
      expect(reviewed.steps[0]).toMatchObject({
        digest: undefined,
        problems: [expect.stringContaining("cannot be approved")],
      });
      const digest = `sha256:${"0".repeat(64)}`;
      await expect(approveStep(reviewed, 1, { by: ada, how: "command", digest })).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:step|approval)\./),
      });
    }
  });

  test.each(["\r#", "\b", "\u001b[2K"])("is not even read when it holds the control character %j", async (hidden) => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: `echo a${hidden}b` }]);
    await expect(workspace.open()).rejects.toMatchObject({ code: "runbook.character" });
  });
});
