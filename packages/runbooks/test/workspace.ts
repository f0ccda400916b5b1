import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalTarget } from "@memomesh/core";
import { onTestFinished } from "vitest";
import {
  approveStep,
  beginReview,
  endReview,
  openRunbook,
  type Person,
  type Review,
  type ReviewedRunbook,
  type ReviewOptions,
  type RunbookRequest,
  runStep,
  type StepResult,
} from "../src/index.ts";

export const ada: Person = { name: "Ada Lovelace", email: "ada@example.com" };
export const grace: Person = { name: "Grace Hopper", email: "grace@example.com" };

export interface StepSource {
  readonly title?: string;
  readonly attributes?: string;
  readonly prose?: string;
  readonly preview?: string;
  readonly run?: string;
  readonly check?: string;
  readonly undo?: string;
}

/** A mesh in a temporary folder with one node, one runbook and one target. */
export interface Workspace {
  readonly meshRoot: string;
  readonly site: string;
  readonly runbook: string;
  readonly request: RunbookRequest;
  write(steps: readonly StepSource[], header?: string): Promise<void>;
  writeSource(source: string): Promise<void>;
  open(request?: Partial<RunbookRequest>): Promise<ReviewedRunbook>;
  /** Opens the runbook and begins a review of it; the review ends with the test at the latest. */
  review(options?: Partial<ReviewOptions>, request?: Partial<RunbookRequest>): Promise<Review>;
}

export const runbookId = "rb-01JD8R0000000000000000000A";

export async function makeWorkspace(): Promise<Workspace> {
  const meshRoot = await mkdtemp(join(tmpdir(), "memomesh-runbooks-"));
  onTestFinished(() => rm(meshRoot, { recursive: true, force: true }));
  const nodeFolder = join(meshRoot, "projects", "sysadmin");
  const site = join(meshRoot, "site");
  await mkdir(join(nodeFolder, "runbooks"), { recursive: true });
  await mkdir(site);
  const runbook = join(nodeFolder, "runbooks", "deploy.md");
  const request: RunbookRequest = {
    meshRoot,
    node: "sysadmin",
    nodeFolder,
    path: "runbooks/deploy.md",
    targets: { staging: target(site) },
    environment: { HOME: meshRoot },
    approvalHours: 24,
    allowedFiles: (path) =>
      path.startsWith("projects/")
        ? { allowed: true, reason: "" }
        : { allowed: false, reason: "only projects are readable" },
  };
  const workspace: Workspace = {
    meshRoot,
    site,
    runbook,
    request,
    write: (steps, header = "") => writeFile(runbook, runbookSource(steps, header)),
    writeSource: (source) => writeFile(runbook, source),
    open: (changes) => openRunbook({ ...request, ...changes }),
    async review(options, changes) {
      const reviewed = await workspace.open(changes);
      const environment = changes?.environment ?? request.environment;
      const review = await beginReview(reviewed, { by: ada, environment, graceMilliseconds: 200, ...options });
      onTestFinished(() => endReview(review));
      return review;
    },
  };
  return workspace;
}

export function target(path: string, changes: Partial<LocalTarget> = {}): LocalTarget {
  return { name: "staging", kind: "local", path, production: false, env: {}, ...changes };
}

export function runbookSource(steps: readonly StepSource[], header = ""): string {
  const head = `---\nid: ${runbookId}\nnode: sysadmin\ntarget: staging\ncreated: 2026-11-21T10:14:09Z\n${header}---\n# Deploy the shop\n`;
  return [head, ...steps.map(stepSource)].join("\n");
}

function stepSource(
  { title = "Do it", attributes = "Risk: low.", prose = "", ...fences }: StepSource,
  index: number,
): string {
  const commands = (["preview", "run", "check", "undo"] as const).flatMap((kind) =>
    fences[kind] === undefined ? [] : [`\`\`\`sh ${kind}\n${fences[kind]}\n\`\`\`\n`],
  );
  return [`## Step ${index + 1}: ${title}\n${attributes}\n`, prose, ...commands].join("\n");
}

/** A named pipe: whoever reads from it waits until somebody writes. */
export function makePipe(path: string): void {
  execFileSync("bash", ["-c", 'mkfifo "$0"', path]);
}

/** Approves a step and runs it, in the name of whom the review is, who types the target's name. */
export async function approveAndRun(review: Review, step: number, again = false): Promise<StepResult> {
  const decision = { by: review.by, how: "terminal", target: "staging", again } as const;
  await approveStep(review.reviewed, step, decision, review.clock);
  return runStep(review, step);
}
