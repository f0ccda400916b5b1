import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "memomesh-tour-"));
const readme = readFileSync(join(root, "README.md"), "utf8");
const tour = readme.slice(readme.indexOf("## Five minutes"), readme.indexOf("## More"));
const blocks = [...tour.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => (match[1] as string).trim());
const environment = {
  ...process.env,
  HOME: folder,
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
};

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface WaitingStep {
  readonly number: number;
  readonly digest: string;
}

/**
 * Runs shell text as it would go on in one terminal: in the checkout first, then where the tour has led. `memomesh` is the
 * built program, which starts in a fifth of the time; that the tour's first block finds one is a test of its own.
 */
function paste(text: string, at: string): { status: number | null; output: string } {
  const built = process.env.MEMOMESH_BUILT;
  const program = built === undefined ? "" : `memomesh() { '${process.execPath}' '${built}' "$@"; };`;
  return bash(`set -e; cd '${root}'; ${blocks[0]}; ${program} cd '${at}'; ${text}`);
}

function bash(script: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8", env: environment });
  return { status, output: stdout + stderr };
}

test("the tour of the README works when it is pasted", () => {
  expect(blocks.length).toBe(6);
  const inFolder = (block: string) => block.replaceAll("/tmp/tour", folder);
  const [, make = "", drop = "", route = "", review = "", read = ""] = blocks.map(inFolder);
  const studio = join(folder, "studio");

  expect(paste(make, folder)).toMatchObject({ status: 0 });
  expect(paste(drop, studio)).toMatchObject({ status: 0 });
  const routed = paste(route, studio);
  expect(routed.output).toContain("prepared");
  expect(routed.status).toBe(0);

  expect(review).toBe("memomesh review");
  expect(paste(review, studio).status).toBe(75);
  const { waiting } = JSON.parse(paste("memomesh review --json", studio).output);
  const [{ path, steps }] = waiting as [{ path: string; steps: WaitingStep[] }];
  const approve = ({ number, digest }: WaitingStep) => `memomesh approve '${path}' --step ${number} --digest ${digest}`;
  expect(paste(steps.map(approve).join(" && "), studio)).toMatchObject({ status: 0 });

  const told = paste(read, studio);
  expect(told.status).toBe(0);
  expect(told.output).toContain("- [x] Put it in place");
  expect(told.output).toContain("executed");
  expect(readFileSync(join(studio, "targets", "staging", "shop", "current", "index.html"), "utf8")).toContain(
    "Sundays",
  );
});

test("what the README links to exists", () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] as string);
  for (const link of links) expect(existsSync(join(root, link)), link).toBe(true);
});

test("the tour's first block puts the checkout's program on the path, and the repository is itself a mesh", () => {
  const { status, output } = bash(`cd '${root}' && ${blocks[0]} && memomesh status --json`);
  expect(status).toBe(0);
  expect(JSON.parse(output).name).toBe("harbour");
});
