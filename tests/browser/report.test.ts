// The page of `memomesh report --html` in a real browser: it needs nothing from elsewhere, and everything on it can be seen.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Facts } from "../../packages/mesh/src/report/facts.ts";
import { reportHtml, reportOf } from "../../packages/mesh/src/report/index.ts";

const program = "/usr/bin/chromium";
const day = 86_400_000;
const begin = Date.parse("2026-06-03T00:00:00Z");

/** Half a year of three nodes, one of which has a name that wants to be markup. */
const facts: Facts = {
  mesh: "harbour <b>studio</b>",
  memos: Array.from({ length: 90 }, (_, index) => ({
    ...{ id: `m${index}`, node: node(index), type: index % 9 === 0 ? ("alert" as const) : ("deployment" as const) },
    received: begin + index * 2 * day,
    done: begin + index * 2 * day + (1 + (index % 7)) * (day / 8),
    archived: true,
  })),
  runs: Array.from({ length: 60 }, (_, index) => ({
    ...{ node: node(index), memo: `m${index}`, created: begin + index * 3 * day, gate: 70 + (index % 30) },
    state: index % 11 === 0 ? ("rolled-back" as const) : ("executed" as const),
    ended: begin + index * 3 * day + day / 4,
  })),
  nodes: ["ops", "shop", "<script>alert(1)</script>"].map((name) => ({
    ...{ node: name, lessons: 3, recurrences: 2, documented: ["STATE.md"], missing: ["AGENTS.md"] },
  })),
  spending: Array.from({ length: 40 }, (_, index) => ({
    ...{
      at: new Date(begin + index * 4 * day).toISOString(),
      cost: 0.1 * (index % 6),
      node: node(index),
      agent: "claude",
    },
    ...{ memo: "m", session: "s", provider: "anthropic", model: "large" },
    ...{ inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 },
  })),
  answered: new Map(),
};

function node(index: number): string {
  return ["ops", "shop", "<script>alert(1)</script>"][index % 3] as string;
}

describe.skipIf(!existsSync(program))("the report in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "memomesh-report-"));
  const address = pathToFileURL(join(folder, "report.html")).href;
  let browser: Browser;

  beforeAll(async () => {
    writeFileSync(join(folder, "report.html"), reportHtml(reportOf(facts, new Date("2026-11-21T08:00:00Z"))));
    // Chromium's own sandbox does not work for root, and not in every container.
    browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens it, and says what the browser complained of and asked others for. */
  async function open(width: number, colorScheme: "light" | "dark"): Promise<{ page: Page; heard: string[] }> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const heard: string[] = [];
    page.on("console", (message) => heard.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => heard.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => heard.push(`dialog: ${dialog.message()}`));
    page.on("request", (request) => {
      if (request.url() !== address) heard.push(`request: ${request.url()}`);
    });
    await page.goto(address);
    return { page, heard };
  }

  for (const width of [360, 768, 1280]) {
    for (const scheme of ["light", "dark"] as const) {
      test(`is whole and quiet at ${width} pixels, ${scheme}`, async () => {
        const { page, heard } = await open(width, scheme);
        expect(heard).toEqual([]);
        expect(await page.locator("h1").textContent()).toBe("harbour <b>studio</b>");
        expect(await page.locator("script, h1 b").count()).toBe(0);
        const wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        expect(wide, "pixels that stand out to the right").toBe(0);
        const cut =
          "[...document.querySelectorAll('.wide')].filter((each) => each.scrollWidth > each.clientWidth).length";
        if (width >= 1280) expect(await page.evaluate(cut), "tables whose right columns are cut off").toBe(0);
        const plots = await page.locator("figure svg").all();
        expect(plots).toHaveLength(6);
        for (const plot of plots) {
          const box = await plot.boundingBox();
          expect(box?.width).toBeGreaterThan(width / 4);
          expect(box?.height).toBeGreaterThan(60);
        }
        expect(await page.locator("svg rect, svg circle").count()).toBeGreaterThan(12);
        expect(await page.evaluate(palest), "contrast of the palest text").toBeGreaterThan(4.5);
        if (process.env.MEMOMESH_SCREENSHOTS !== undefined)
          await page.screenshot({
            path: join(process.env.MEMOMESH_SCREENSHOTS, `${width}-${scheme}.png`),
            fullPage: true,
          });
        await page.close();
      });
    }
  }
});

/** In the page: the lowest contrast, after WCAG 2.2, between a text and what it stands on. */
const palest = `(() => {
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const found = parts(getComputedStyle(at).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const texts = [...document.querySelectorAll("h1, h2, p, dt, dd, th, td, figcaption, svg text")];
  return Math.min(...texts.filter((each) => each.textContent.trim() !== "").map((each) => {
    const style = getComputedStyle(each);
    const [one, other] = [parts(each instanceof SVGElement ? style.fill : style.color), ground(each)].map(light);
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  }));
})()`;
