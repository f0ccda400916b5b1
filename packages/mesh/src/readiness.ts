import { relative } from "node:path";
import { lessonsPath, MeshError, parseLessons } from "@memomesh/core";
import { brokenDetectors } from "@memomesh/quality";
import { textOf } from "./create.ts";
import { type Diagnosis, diagnose } from "./doctor/doctor.ts";
import { installHooks } from "./hooks/install.ts";
import { loadMesh, type Mesh } from "./load.ts";

/** One thing that has to be in order before agents work on what matters. */
export interface Readiness {
  readonly name: "configuration" | "policies" | "keys" | "hooks" | "sandbox" | "budget" | "git" | "lessons" | "facts";
  /** `mind`: it works, and a person should know. `missing`: it has to be mended first. */
  readonly state: "ready" | "mind" | "missing";
  /** Sentences; the first says how it is. */
  readonly says: readonly string[];
}

/** What doctor finds, by the thing that it is about; everything else is configuration. */
const about: readonly (readonly [code: RegExp, name: Readiness["name"]])[] = [
  [/^doctor\.git\.|^doctor\.ignore$|^history\./, "git"],
  [/^doctor\.hooks\./, "hooks"],
  [/^doctor\.agent\.(?:key|program|version)$|^agent\./, "keys"],
  [/^doctor\.agent\.price$/, "budget"],
  [/^doctor\.facts\./, "facts"],
  [/^doctor\.sandbox$/, "sandbox"],
];

/** Agents that are programs with commands of their own. */
const programs = ["claude-code", "codex", "gemini-cli", "command"];

/**
 * The safety check: whether policies, keys, hooks, sandbox, budget, git and lessons are in order. What `doctor` finds is
 * sorted by what it is about; nothing is asked over the network, and no key is shown.
 *
 * @param start any folder of the mesh
 * @throws MeshError `mesh.missing`, and what `loadMesh` throws when mesh.yml cannot be read
 */
export async function readReadiness(start: string): Promise<readonly Readiness[]> {
  const mesh = await loadMesh(start);
  const found = Map.groupBy(
    (await diagnose(start, { fix: false })).filter(({ severity }) => severity !== "note"),
    ({ code }) => about.find(([pattern]) => pattern.test(code))?.[1] ?? "configuration",
  );
  const own = [
    { name: "configuration", state: "ready", says: [`${mesh.nodes.size - 1} nodes, ${targetsOf(mesh)}`] },
    policies(mesh),
    { name: "keys", state: "ready", says: [`agents: ${Object.keys(mesh.config.agents).join(", ")}`] },
    await hooks(mesh),
    sandbox(mesh),
    budget(mesh),
    { name: "git", state: "ready", says: ["everything that happens is committed"] },
    await lessons(mesh),
    { name: "facts", state: "ready", says: [factsOf(mesh)] },
  ] as const satisfies readonly Readiness[];
  return own.map((each) => joined(each, found.get(each.name) ?? []));
}

function joined(own: Readiness, findings: readonly Diagnosis[]): Readiness {
  if (findings.length === 0) return own;
  const broken = findings.some(({ severity }) => severity === "error");
  const told = findings.map(({ sentence, advice, place }) => {
    const where = place === undefined ? "" : `${place.file}${place.line === undefined ? "" : `:${place.line}`}: `;
    return `${where}${sentence}${advice === undefined ? "" : ` (${advice})`}`;
  });
  const state = broken || own.state === "missing" ? "missing" : "mind";
  return { name: own.name, state, says: own.state === "ready" ? told : [...told, ...own.says] };
}

function targetsOf({ config }: Mesh): string {
  const names = Object.entries(config.targets).map(([name, { production }]) =>
    production ? `${name} (production)` : name,
  );
  return names.length === 0 ? "no targets" : `targets ${names.join(", ")}`;
}

function factsOf({ config: { facts } }: Mesh): string {
  const names = Object.keys(facts);
  return names.length === 0 ? "no collectors are declared" : `${names.join(", ")} are fresh`;
}

function policies({ config: { policy, secondOpinion } }: Mesh): Readiness {
  const says = [
    `an approval counts for ${policy.approvalHours} h; a second agent looks from risk ${secondOpinion.from} on`,
  ];
  if (secondOpinion.from !== "never") return { name: "policies", state: "ready", says };
  return {
    name: "policies",
    state: "mind",
    says: ["no second agent looks at risky runbooks (secondOpinion.from: never)"],
  };
}

async function hooks(mesh: Mesh): Promise<Readiness> {
  const nodes = [...mesh.nodes.values()].filter(({ operator }) => !operator);
  const without: string[] = [];
  for (const node of nodes) {
    const states = await installHooks(mesh, node, { check: true }).catch((error: unknown) => {
      if (error instanceof MeshError) return [];
      throw error;
    });
    if (!states.some(({ state }) => state === "in step")) without.push(node.id);
  }
  if (without.length === 0)
    return { name: "hooks", state: "ready", says: ["vendors' programs ask the guard in every node"] };
  const says = `whoever starts a vendor's program by hand in ${without.join(", ")} works without the guard; \`memomesh hooks install\``;
  return { name: "hooks", state: "mind", says: [says] };
}

function sandbox({ config: { agents } }: Mesh): Readiness {
  const names = Object.keys(agents).filter((name) => programs.includes(agents[name]?.provider ?? ""));
  const says =
    names.length === 0 ? "no agent can run a command, so none is needed" : `${names.join(", ")} work in a sandbox`;
  return { name: "sandbox", state: "ready", says: [says] };
}

function budget({ config: { agents, budgets } }: Mesh): Readiness {
  const limits = [
    ...(budgets.session.cost === undefined ? [] : [`$${budgets.session.cost} a session`]),
    ...(budgets.node === undefined ? [] : [`$${budgets.node} a node and month`]),
    ...(budgets.month === undefined ? [] : [`$${budgets.month} a month`]),
  ];
  if (limits.length > 0) return { name: "budget", state: "ready", says: [`at most ${limits.join(", ")}`] };
  const costly = Object.keys(agents).filter((name) => agents[name]?.provider !== "offline");
  if (costly.length === 0) return { name: "budget", state: "ready", says: ["the offline agent is free"] };
  return {
    name: "budget",
    state: "mind",
    says: [`nothing bounds what ${costly.join(", ")} cost; \`budgets:\` in mesh.yml does`],
  };
}

/** Lessons whose detectors cannot be used warn nobody. */
async function lessons(mesh: Mesh): Promise<Readiness> {
  const nodes = [...mesh.nodes.values()].filter(({ operator }) => !operator);
  const paths = [mesh.root, ...nodes.map(({ folder }) => folder)].map(lessonsPath);
  const read = await Promise.all(
    paths.map(async (path) => parseLessons((await textOf(path)) ?? "", relative(mesh.root, path))),
  );
  const all = read.flat();
  const broken = brokenDetectors(all);
  if (broken.length > 0) {
    const says = broken.map(({ file, line, text }) => `${file}:${line}: ${text}`);
    return { name: "lessons", state: "missing", says };
  }
  const detectors = all.filter(({ detect }) => detect !== undefined).length;
  return { name: "lessons", state: "ready", says: [`${all.length} can be read, ${detectors} of them by a detector`] };
}
