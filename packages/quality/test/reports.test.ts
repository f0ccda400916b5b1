import { describe, expect, test } from "vitest";
import { findingsOf, githubAnnotations, improvementPlan, sarifLog } from "../src/index.ts";
import { fieldLessons, judge } from "./judged.ts";

const result = judge(
  {
    "shop/compose.yaml": "# The shop and its database.\nservices:\n  web: { image: 'nginx:latest' }\n",
    "a,b:c\n::error::d.env": "API_TOKEN=abc\n",
  },
  { lessons: fieldLessons },
);

describe("an improvement plan", () => {
  test("begins with what blocks and then goes by points, and says where and how", () => {
    const plan = improvementPlan(result);
    expect(plan).toMatch(
      /^# Improvement plan\n\nThe gate gives \d+ of 100 points; 85 are needed\. \d findings block, whatever the score\.\n\n1\. /,
    );
    expect(plan).toContain("`shop/compose.yaml:3`: the image nginx:latest is latest: whatever was pushed last.\n");
    expect(plan).toMatch(/Pinned versions \(\d+(?:\.\d)? points\)\. To mend it: give the image a full version tag/);
    const order = [...plan.matchAll(/^ {3}.*?\((blocks)?(?:, )?(?:([\d.]+) points?)?\)/gm)].map(
      ([, blocks, points]) => (blocks ? 1000 : 0) + Number(points),
    );
    expect(order).toEqual([...order].sort((a, b) => b - a));
    expect(order).toHaveLength(findingsOf(result).length);
  });

  test("says when there is nothing to do", () => {
    expect(improvementPlan(judge({}))).toBe("The gate gives 100 of 100 points. Nothing is to be improved.\n");
  });

  test("stays readable when much is wrong", () => {
    const services = Array.from({ length: 60 }, (_, n) => `  s${n}: { image: 'a:1.2' }`).join("\n");
    const plan = improvementPlan(judge({ "compose.yaml": `services:\n${services}\n` }));
    expect(plan).toMatch(/\n40\. [\s\S]*\nAnd \d+ smaller findings\.\n$/);
    expect(plan).not.toContain("\n41. ");
  });
});

test("a SARIF log has a rule for each check and a place for each finding", () => {
  const log = sarifLog(result, "1.2.3") as {
    version: string;
    runs: [
      {
        tool: { driver: { rules: { id: string }[]; version: string } };
        results: { ruleId: string; ruleIndex: number; level: string; locations: object[] }[];
      },
    ];
  };
  expect(log.version).toBe("2.1.0");
  const [{ tool, results }] = log.runs;
  expect(results).toHaveLength(findingsOf(result).length);
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  expect(results.find(({ ruleId }) => ruleId === "pinned")).toMatchObject({
    level: "warning",
    locations: [{ physicalLocation: { artifactLocation: { uri: "shop/compose.yaml" }, region: { startLine: 3 } } }],
  });
  expect(results.find(({ ruleId }) => ruleId === "secrets")).toMatchObject({
    level: "error",
    locations: [{ physicalLocation: { artifactLocation: { uri: "a%2Cb%3Ac%0A%3A%3Aerror%3A%3Ad.env" } } }],
  });
});

test("an annotation is one command, whatever a file is called", () => {
  const lines = githubAnnotations(result);
  expect(lines).toHaveLength(findingsOf(result).length);
  for (const line of lines)
    expect(line).toMatch(
      /^::(?:error|warning|notice) file=[^,:\n]+(?:,line=\d+)?,title=memomesh gate%3A [\w ]+::[^\n]+$/,
    );
  expect(lines).toContainEqual(expect.stringContaining("file=a%2Cb%3Ac%0A%3A%3Aerror%3A%3Ad.env,line=1"));
});
