import { readFile } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";
import { type AgentNeeds, agentNeeds, createAgent, findProgram, type ProgramNeed } from "@memomesh/agents";
import { type AgentConfig, type MeshConfig, MeshError, type Place } from "@memomesh/core";
import { agentPlace } from "../agent-place.ts";
import { chooseSecond } from "../choose-second.ts";
import type { Mesh, MeshNode } from "../load.ts";
import { type Finding, findingOf } from "./finding.ts";
import { isBefore, programVersion } from "./program-version.ts";

/**
 * Findings about the agents of mesh.yml: whether they can be created, have their keys and programs, and fit what nodes,
 * budgets and second opinions want of them. Keys are looked for, and never shown; nothing is asked over the network.
 */
export async function checkAgents(mesh: Mesh): Promise<Finding[]> {
  const source = await readFile(join(mesh.root, "mesh.yml"), "utf8");
  const { config } = mesh;
  const used = usedAgents(mesh);
  const checked = await Promise.all(
    Object.entries(config.agents).map(([name, agent]) =>
      checkAgentOf(mesh, name, agent, { used: used.has(name), place: agentPlace(source, name) }),
    ),
  );
  return [
    ...checked.flat(),
    ...[...mesh.nodes.values()].flatMap((node) => checkNode(mesh, node)),
    ...checkSecondOpinion(config),
  ];
}

/** Names of the agents that may have to work or to give an opinion. */
function usedAgents({ config, nodes }: Mesh): ReadonlySet<string> {
  const wanted = [...nodes.values()].filter(({ operator }) => !operator).map((node) => node.config.agent);
  const tiered = Object.keys(config.agents).filter((name) => config.agents[name]?.tier !== undefined);
  const authors = [...wanted, ...(wanted.includes("auto") ? [...tiered, "offline"] : [])];
  const seconds = config.secondOpinion.from === "never" ? [] : authors.flatMap((author) => secondsOf(config, author));
  const players = Object.values(config.roles).flatMap((role) => role?.agent ?? []);
  return new Set([...authors, ...seconds, ...players]);
}

function secondsOf(config: MeshConfig, author: string): readonly string[] {
  return [true, false].flatMap((sensitive) => chooseSecond(config, author, sensitive) ?? []);
}

async function checkAgentOf(
  mesh: Mesh,
  name: string,
  config: AgentConfig,
  { used, place }: { readonly used: boolean; readonly place: Place },
): Promise<Finding[]> {
  try {
    await createAgent(name, config);
    if (!used && name !== "offline") {
      const sentence = `no node uses the agent "${name}"`;
      return [{ severity: "note", code: "doctor.agent.unused", sentence, place }];
    }
    const needs = await agentNeeds(name, config);
    return [
      ...(await checkKey(needs, place)),
      ...(needs.program === undefined ? [] : await checkProgramOf(name, needs.program, place)),
      ...checkPrice(mesh, name, config, needs, place),
    ];
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    const severity = used ? "error" : "warning";
    return [{ ...findingOf(error), severity, place }];
  }
}

/** Where `watch` runs there may be other variables than here; a command that fails fails there as well. */
async function checkKey({ key }: AgentNeeds, place: Place): Promise<Finding[]> {
  const sentence = await key?.missing();
  if (sentence === undefined) return [];
  return [{ severity: key?.from === "command" ? "error" : "warning", code: "doctor.agent.key", sentence, place }];
}

async function checkProgramOf(
  name: string,
  { program, title, install, oldest }: ProgramNeed,
  place: Place,
): Promise<Finding[]> {
  // It is meant from the folder of a session, and there is none yet.
  if (program.includes("/") && !isAbsolute(program)) return [];
  const path = await findProgram(program);
  if (path === undefined) {
    const sentence = `the program "${program}" of the agent "${name}" was not found`;
    return [{ severity: "error", code: "doctor.agent.program", sentence, place, advice: install }];
  }
  // Of any other program nobody knows what it does when it is started.
  if (oldest === undefined) return [];
  const version = await programVersion(path);
  if (version === undefined) {
    const sentence = `${path}, which is to be ${title} for the agent "${name}", does not say its version`;
    return [{ severity: "warning", code: "doctor.agent.version", sentence, place, advice: install }];
  }
  const old = isBefore(version, oldest);
  const sentence = `the agent "${name}" is ${title} ${version} (${path})${old ? `; versions before ${oldest} were never tried` : ""}`;
  return [
    {
      severity: old ? "warning" : "note",
      code: "doctor.agent.version",
      sentence,
      place,
      ...(old ? { advice: "install a newer one" } : {}),
    },
  ];
}

function checkPrice(
  { config, nodes }: Mesh,
  name: string,
  { provider }: AgentConfig,
  { priced }: AgentNeeds,
  place: Place,
): Finding[] {
  const { session, node, month } = config.budgets;
  const own = [...nodes.values()].flatMap(({ config: { budget } }) => [budget.session.cost, budget.month]);
  if (priced || [session.cost, node, month, ...own].every((limit) => limit === undefined)) return [];
  const sentence = `nobody knows what the agent "${name}" costs, so the budgets do not bound it`;
  const advice =
    provider === "command"
      ? "only its time is limited, by policy.sessionSeconds"
      : "give it `prices: { input, output }` in US dollars for a million tokens";
  return [{ severity: "warning", code: "doctor.agent.price", sentence, place, advice }];
}

function checkNode({ root, config: { agents } }: Mesh, { id, folder, config, operator }: MeshNode): Finding[] {
  if (operator || config.agent === "none") return [];
  const place = { file: `${relative(root, folder)}/node.yml` };
  const agent = agents[config.agent];
  if (config.agent !== "auto") {
    if (!config.sensitive || agent === undefined || agent.local === true) return [];
    const sentence = `${id} is sensitive and its agent "${config.agent}" is not marked \`local: true\` in mesh.yml. Its memos fail`;
    return [{ severity: "error", code: "doctor.agent.not-local", sentence, place }];
  }
  const tiered = Object.values(agents).filter(({ tier }) => tier !== undefined);
  const usable = config.sensitive ? tiered.filter(({ local }) => local === true) : tiered;
  if (usable.length > 0) return [];
  const which = config.sensitive ? "is local and has a tier" : "has a tier";
  const sentence = `${id} has \`agent: auto\`, and no agent of mesh.yml ${which}; the offline agent does all its work`;
  return [{ severity: "warning", code: "doctor.agent.no-tier", sentence, place }];
}

function checkSecondOpinion({ agents, secondOpinion: { from, agent: name } }: MeshConfig): Finding[] {
  if (from === "never" || name === undefined) return [];
  if (agents[name] !== undefined) return [];
  const known = Object.keys(agents).join(", ");
  const sentence = `the agent "${name}" of secondOpinion is not in mesh.yml; expected ${known}. Risky runbooks come without an opinion`;
  return [{ severity: "error", code: "doctor.opinion.agent", sentence, place: { file: "mesh.yml" } }];
}
