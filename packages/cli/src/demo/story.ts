import { readlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { loadMesh, type Mesh } from "@memomesh/mesh";
import type { Output } from "../output.ts";
import type { Asker } from "../question.ts";
import { paint, text } from "../text.ts";
import { decide } from "./decide.ts";
import { buildSite, type DemoMesh, deploymentMemo, rollbackMemo } from "./demo-mesh.ts";
import { send } from "./send.ts";
import { type SiteServer, serveSite } from "./site-server.ts";
import { begin, say } from "./tell.ts";
import { showTrail } from "./trail.ts";

interface Telling {
  readonly demo: DemoMesh;
  readonly mesh: Mesh;
  readonly output: Output;
  /** The person at the terminal; undefined when there is none. */
  readonly asker: Asker | undefined;
}

/** Lines of the first memo that are shown: its header and its heading. */
const memoLines = 6;

/**
 * The main job, twice, and the way back: everything in it is done by the parts that a mesh of one's own uses.
 *
 * @param asker the person at the terminal, who ends the story by breaking a question off; undefined when there is none
 */
export async function tellStory(demo: DemoMesh, output: Output, asker: Asker | undefined): Promise<void> {
  const mesh = await loadMesh(demo.root);
  const telling = { demo, mesh, output, asker };
  begin(
    output,
    1,
    "A mesh of project folders",
    "Each folder is a node: an agent works in it, with an inbox and notes of its own.",
  );
  output.line(text`   ${paint("dim", "mesh")}   ${demo.root}`);
  output.line(text`   ${paint("dim", "nodes")}  ${[...mesh.nodes.keys()].join(", ")}`);
  output.line(
    text`   ${paint("dim", "build")}  ${(await buildSite(demo, "1.4.2")).split(":", 1)[0] ?? ""} is built in developer`,
  );

  begin(
    output,
    2,
    "A memo is dropped as a file",
    "Agents touch no server; they write memos. This one asks sysadmin to deploy the build.",
  );
  const first = await sendDeployment(telling, "1.4.2", "Has the winter's opening hours.", memoLines);

  begin(output, 3, "Its runbook waits for a person", howToDecide(asker));
  if (await isOver(telling, first, 3)) return;
  const server = await serveSite(demo.current);
  try {
    begin(
      output,
      4,
      "The site is served from the release",
      "A web server follows the link `current`, as a real one would.",
    );
    await fetchVersion(telling, server, "1.4.2");

    begin(output, 5, "A second version", "The same again: a build, a memo, a runbook, a decision on each step.");
    await buildSite(demo, "1.5.0");
    if (await isOver(telling, await sendDeployment(telling, "1.5.0", "Has the spring's opening hours.", 0))) return;
    await fetchVersion(telling, server, "1.5.0");

    begin(output, 6, "The way back", "A wrong release is taken back by a memo and a runbook too.");
    if (await goBack(telling, server)) return;
  } finally {
    await server.close();
  }

  begin(output, 7, "What is left", "Markdown files in git, readable without Memomesh: here of the first deployment.");
  if (first !== undefined) await showTrail(mesh, first, output);
}

function howToDecide(asker: Asker | undefined): string {
  return asker === undefined
    ? "Nobody is at the terminal: low-risk steps are approved in the name of demo, others are left out."
    : "Only what you saw will run. Approve each step with r, or the rest with all; to skip one with s is fine too.";
}

function sendDeployment({ demo, mesh, output }: Telling, version: string, news: string, shown: number) {
  return send(demo, mesh, { name: `deploy-${version}.md`, source: deploymentMemo(version, news), shown }, output);
}

/**
 * Has the runbook decided.
 *
 * @returns whether the person has had enough
 */
async function isOver(
  { mesh, output, asker }: Telling,
  runbook: string | undefined,
  example?: number,
): Promise<boolean> {
  if (runbook === undefined) {
    say(output, "No runbook was prepared for it; the lines above say why.");
    return false;
  }
  await decide({ mesh, runbook, output, asker, ...(example === undefined ? {} : { example }) });
  if (asker?.brokenOff !== true) return false;
  output.line();
  output.line(text`The demo ends here. What is not decided waits.`);
  return true;
}

/** Switches back to the release before, when there is one. */
async function goBack(telling: Telling, server: SiteServer): Promise<boolean> {
  const { demo, mesh, output } = telling;
  const [current, previous] = await Promise.all(["current", "previous"].map((name) => releaseOf(demo, name)));
  if (current === undefined || previous === undefined || current === previous) {
    say(
      output,
      "There is no earlier release to go back to, because steps above were not run. So the memo is not sent.",
    );
    return false;
  }
  const runbook = await send(demo, mesh, { name: "roll-back.md", source: rollbackMemo("1.5.0"), shown: 0 }, output);
  if (await isOver(telling, runbook)) return true;
  await fetchVersion(telling, server, "1.4.2");
  return false;
}

/** The release that a link of the target leads to. */
function releaseOf({ current }: DemoMesh, name: string): Promise<string | undefined> {
  return readlink(join(dirname(current), name)).catch(() => undefined);
}

/** Fetches the version that is served now, and says what it means when it is not the one that was to be. */
async function fetchVersion({ output }: Telling, { url }: SiteServer, expected: string): Promise<void> {
  const response = await fetch(`${url}version.txt`);
  const answer = (await response.text()).trim();
  const served = response.ok ? answer : undefined;
  const told = served === undefined ? `${response.status} ${answer}` : answer;
  output.line();
  output.line(text`   GET ${url}version.txt  ${paint(served === expected ? "green" : "yellow", told)}`);
  if (served === expected) return;
  say(
    output,
    served === undefined
      ? "Nothing is served: the step that switches was not run, and nothing else can do it."
      : `${served} stays in use: the step that switches to ${expected} was not run, and nothing else can do it.`,
  );
}
