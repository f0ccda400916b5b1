import { cost, type Flaw } from "../finding.ts";
import { type Material, readMaterial } from "../material.ts";
import type { MissingTool } from "../score.ts";
import type { GateSettings } from "../settings.ts";
import type { Subject } from "../subject.ts";
import { ansibleLint, ansiblePlaybook } from "./ansible.ts";
import { caddy } from "./caddy.ts";
import { dockerCompose } from "./docker-compose.ts";
import { findProgram } from "./find-program.ts";
import { kubeconform } from "./kubeconform.ts";
import { nginx } from "./nginx.ts";
import { makePrivateCopy, type PrivateCopy } from "./private-copy.ts";
import { promtool } from "./promtool.ts";
import { openWorkplace, type Workplace } from "./sandbox.ts";
import { shellcheck } from "./shellcheck.ts";
import type { Bench, Tool } from "./tool.ts";
import { yamllint } from "./yamllint.ts";

const tools: readonly Tool[] = [
  dockerCompose,
  caddy,
  nginx,
  ansiblePlaybook,
  ansibleLint,
  yamllint,
  shellcheck,
  promtool,
  kubeconform,
];

/** What programs outside say, and which of them would have been asked and are not there. */
export interface ToolReport {
  readonly told: readonly Flaw[];
  readonly missing: readonly MissingTool[];
}

/** Files that one program is asked about. */
const mostFiles = 30;
/** What one program has to say about one file. */
const mostFlaws = 50;
/** Time after which no further program is asked, in milliseconds. */
const wholeTime = 90_000;

/**
 * Asks the programs of this machine about a subject's files: on a private copy, without a shell, without network where
 * the machine can shut them in, each with a time limit. Programs that may do more than look are only asked shut in.
 *
 * @param path where programs are looked for
 */
export async function runTools(
  subject: Subject,
  settings: Pick<GateSettings, "schemas">,
  path = process.env.PATH ?? "",
): Promise<ToolReport> {
  const material = readMaterial(subject);
  const wanted = tools.filter(({ kinds }) => material.files.some(({ kind }) => kinds.includes(kind)));
  if (wanted.length === 0) return { told: [], missing: [] };
  await using copy = await makePrivateCopy(material.files);
  const place = await openWorkplace(copy, path);
  const end = performance.now() + wholeTime;
  const told: Flaw[] = [];
  const missing: MissingTool[] = [];
  for (const tool of wanted) {
    const bench = await prepare(tool, { place, copy, material, path, ...settings });
    if (typeof bench === "string") missing.push({ name: tool.name, reason: bench });
    else told.push(...(await ask(tool, bench, end)));
  }
  return { told, missing };
}

/** The programs that the gate could ask and that this machine does not have, or cannot use. */
export async function findMissingTools(
  settings: Pick<GateSettings, "schemas">,
  path = process.env.PATH ?? "",
): Promise<readonly MissingTool[]> {
  const material = readMaterial({ files: [], lessons: [] });
  await using copy = await makePrivateCopy([]);
  const surroundings = { place: await openWorkplace(copy, path), copy, material, path, ...settings };
  const prepared = await Promise.all(tools.map((tool) => prepare(tool, surroundings)));
  return prepared.flatMap((bench, index) =>
    typeof bench === "string" ? [{ name: tools[index]?.name ?? "", reason: bench }] : [],
  );
}

interface Surroundings extends Pick<GateSettings, "schemas"> {
  readonly place: Workplace;
  readonly copy: PrivateCopy;
  readonly material: Material;
  readonly path: string;
}

/** @returns a reason when the tool cannot be asked */
async function prepare(tool: Tool, { path, schemas, ...rest }: Surroundings): Promise<Bench | string> {
  const program = await findProgram(tool.programs, path);
  if (program === undefined) return "is not installed";
  if (tool.acts && !rest.place.confined) return "may do more than look, and no bubblewrap is there to shut it in";
  const bench = { ...rest, program, ...(schemas === undefined ? {} : { schemas }) };
  return (await tool.unusable?.(bench)) ?? bench;
}

async function ask(tool: Tool, bench: Bench, end: number): Promise<Flaw[]> {
  const files = bench.material.files.filter(({ kind }) => tool.kinds.includes(kind)).slice(0, mostFiles);
  const flaws: Flaw[] = [];
  for (const file of files) {
    if (performance.now() > end) {
      const text = `${tool.name} was not asked: the time for all programs is over`;
      return [...flaws, { file: file.path, text, cost: cost.none }];
    }
    flaws.push(...(await tool.look(file, bench)).slice(0, mostFlaws));
  }
  return flaws;
}
