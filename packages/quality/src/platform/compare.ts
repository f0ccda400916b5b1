import { dirname } from "node:path/posix";
import type { AlikeNodes, FactFigures } from "@memomesh/core";
import { cost, type Flaw } from "../finding.ts";
import type { Material } from "../material.ts";
import { bytesText } from "./amount.ts";
import { podFlaws } from "./fit-pod.ts";
import { diskAt, hasWhere, Knowledge, knownBy, type Uncompared } from "./knowledge.ts";
import { composeNeeds, declaredNeeds, type Need, podNeeds } from "./needs.ts";
import { images, storageFlaws, storageNeeds } from "./storage.ts";

export type { Uncompared } from "./knowledge.ts";

/** What a comparison of the subject with the facts has come to. */
export interface Comparison {
  readonly flaws: readonly Flaw[];
  readonly uncompared: readonly Uncompared[];
  /** How many things were compared. */
  readonly compared: number;
}

/**
 * Compares what was prepared with what is known of the platform: does it fit in what is free, is it made for what is there?
 * What goes to a group has to fit on each of its hosts.
 */
export function comparePlatform(material: Material): Comparison {
  const { runbooks, request, platform } = material;
  const target = runbooks[0]?.runbook.target ?? request?.deployment?.target;
  const places = membersOf(material, target);
  const known = places.map((place) => new Knowledge(platform, place));
  return {
    flaws: merged(known.flatMap((knowledge) => flawsAt(material, knowledge))),
    uncompared: [
      ...new Map(
        known.flatMap(({ uncompared }) => uncompared.map((each) => [`${each.what}: ${each.reason}`, each] as const)),
      ).values(),
    ],
    compared: known.reduce((sum, { compared }) => sum + compared, 0),
  };
}

/** The hosts of a group; of anything else itself. */
function membersOf({ platform }: Material, target: string | undefined): readonly (string | undefined)[] {
  const { groups = {} } = platform ?? {};
  return target !== undefined && Object.hasOwn(groups, target) ? (groups[target] ?? []) : [target];
}

function flawsAt(material: Material, knowledge: Knowledge): readonly Flaw[] {
  const services = composeNeeds(material);
  const pods = podNeeds(material);
  const projects = [...Map.groupBy(services, ({ file }) => dirname(file)).values()];
  const prepared = [...services, ...pods].some(({ memory }) => memory !== undefined);
  // What was prepared says better than the request how much memory it takes.
  const declared = declaredNeeds(material).map((need) =>
    prepared && need.file === material.request?.file ? { ...need, memory: undefined } : need,
  );
  return [
    ...projects.flatMap((project) => projectFlaws(project, knowledge)),
    ...pods.flatMap((pod) => {
      const clusters = knowledge.ask("nodes", "nodes of the cluster");
      const each = clusters.map((fact) => podFlaws(pod, fact.figures.nodes ?? [], knownBy(fact)));
      return each.some((found) => found.length === 0) ? [] : (each[0] ?? []);
    }),
    ...storageFlaws(storageNeeds(material), knowledge),
    ...declared.flatMap((need) => declaredFlaws(need, knowledge, material)),
  ];
}

/** The same is said once, of the host where it is worst, however many hosts of a group it is so on. */
function merged(flaws: readonly Flaw[]): readonly Flaw[] {
  const same = Map.groupBy(new Map(flaws.map((flaw) => [flaw.text, flaw])).values(), ({ file, line, text }) =>
    JSON.stringify([file, line, text.split(", and ", 1)]),
  );
  return [...same.values()].flatMap((each) => {
    const [worst, ...others] = each.toSorted((a, b) => b.cost - a.cost);
    if (worst === undefined) return [];
    const more = others.length === 1 ? "on another host" : `on ${others.length} other hosts`;
    return [others.length === 0 ? worst : { ...worst, text: `${worst.text}; nor does it fit ${more}` }];
  });
}

function projectFlaws(services: readonly Need[], knowledge: Knowledge): readonly Flaw[] {
  const [first] = services;
  return [
    ...sumFlaws(services, "memory", knowledge),
    ...sumFlaws(services, "gpus", knowledge),
    ...services.flatMap((service) => architectureFlaws(service, knowledge)),
    ...(first === undefined ? [] : diskFlaws(first, knowledge)),
  ];
}

const amounts = {
  memory: { what: "memory", text: (amount: number) => `${bytesText(amount)} of memory`, fix: "lower the limits" },
  gpus: { what: "GPUs", text: (amount: number) => `${amount} GPUs`, fix: "ask for fewer" },
} as const;

/** What all services of a project take together. More than is there is worse than more than is free just now. */
function sumFlaws(all: readonly Need[], part: "memory" | "gpus", knowledge: Knowledge): readonly Flaw[] {
  const services = all.filter((service) => (service[part] ?? 0) > 0);
  const [dearest] = [...services].sort((a, b) => (b[part] ?? 0) - (a[part] ?? 0));
  if (dearest === undefined) return [];
  const { what, text, fix } = amounts[part];
  const asked = services.reduce((sum, service) => sum + (service[part] ?? 0), 0);
  const shares = knowledge.ask(part, what).flatMap((fact) => {
    const share = fact.figures[part];
    return share === undefined ? [] : [{ fact, share }];
  });
  const [best] = shares.sort((a, b) => b.share.free - a.share.free);
  if (best === undefined || asked <= best.share.free) return [];
  const { fact, share } = best;
  const whose = services.length === 1 ? dearest.name : `the ${services.length} services together`;
  const said = `${whose} may take ${text(asked)}, and ${hasWhere(fact)} has ${text(share.free)} free of ${text(share.total)} (${knownBy(fact)})`;
  const beyond = asked > Math.max(...shares.map((each) => each.share.total));
  return [{ ...placeOf(dearest, part), text: said, cost: beyond ? cost.serious : cost.notable, fix }];
}

function architectureFlaws(need: Need, knowledge: Knowledge): readonly Flaw[] {
  const { architecture, name } = need;
  if (architecture === undefined) return [];
  const machines = knowledge.ask("architecture", "architecture");
  const [fact] = machines;
  if (fact === undefined || machines.some(({ figures }) => figures.architecture === architecture)) return [];
  const text = `${name} is made for ${architecture}, and ${hasWhere(fact)} is ${fact.figures.architecture} (${knownBy(fact)})`;
  const fix = `use an image for ${fact.figures.architecture}`;
  return [{ ...placeOf(need, "architecture"), text, cost: cost.serious, fix }];
}

/** Below it an image that is pulled fills what is left. */
const fewDisk = 0.05;

/** What is deployed needs some disk, of which it says nothing: a full one is told. */
function diskFlaws(place: Pick<Need, "file" | "line">, knowledge: Knowledge): readonly Flaw[] {
  if (knowledge.target === undefined) return [];
  return knowledge.facts("disks", knowledge.target).fresh.flatMap((fact) => {
    const disk = diskAt(fact, images);
    if (disk !== undefined) knowledge.compared += 1;
    if (disk === undefined || disk.free >= disk.total * fewDisk) return [];
    const text = `${disk.mount} of ${hasWhere(fact)} has ${bytesText(disk.free)} free of ${bytesText(disk.total)} (${knownBy(fact)})`;
    const { file, line } = place;
    return [{ file, ...(line === undefined ? {} : { line }), text, cost: cost.notable, fix: "make room first" }];
  });
}

/** What is free of something: on a machine, and on each node of a cluster. */
interface Measure {
  readonly figure: "memory" | "gpus" | "disks" | "nodes";
  readonly what: string;
  readonly asked: number | undefined;
  ofMachine(figures: FactFigures): number | undefined;
  ofNode(node: AlikeNodes): number;
  text(amount: number): string;
}

function measuresOf({ memory, gpus, cpus, disk }: Need): readonly Measure[] {
  return [
    {
      figure: "memory",
      asked: memory,
      ofMachine: (figures) => figures.memory?.free,
      ofNode: (node) => node.memory,
      ...amounts.memory,
    },
    { figure: "gpus", asked: gpus, ofMachine: (figures) => figures.gpus?.free, ofNode: gpusOf, ...amounts.gpus },
    {
      figure: "nodes",
      what: "processors",
      asked: cpus,
      ofMachine: () => undefined,
      ofNode: (node) => node.cpus,
      text: (amount) => `${amount} processors`,
    },
    {
      figure: "disks",
      what: "disk",
      asked: disk,
      ofMachine: ({ disks }) => disks && Math.max(0, ...disks.map(({ free }) => free)),
      ofNode: (node) => node.disk ?? 0,
      text: (amount) => `${bytesText(amount)} of disk`,
    },
  ];
}

function gpusOf({ devices }: AlikeNodes): number {
  return Object.entries(devices).reduce((sum, [name, amount]) => (/\/(?:\w*-)*gpu/.test(name) ? sum + amount : sum), 0);
}

/** What a plan or a request says itself: it has to fit on one machine, or in a cluster as a whole. */
function declaredFlaws(
  need: ReturnType<typeof declaredNeeds>[number],
  knowledge: Knowledge,
  material: Material,
): readonly Flaw[] {
  const places = need.target === undefined ? [knowledge.target] : membersOf(material, need.target);
  return places.flatMap((target) => declaredFlawsAt(target, need, knowledge));
}

function declaredFlawsAt(target: string | undefined, need: Need, knowledge: Knowledge): readonly Flaw[] {
  const cluster = knowledge.facts("nodes", target);
  const tooMuch = measuresOf(need).flatMap(({ figure, what, asked, ofMachine, ofNode, text }): Flaw[] => {
    if (asked === undefined) return [];
    const machines = knowledge.facts(figure, target);
    const given = [...new Set([...machines.fresh, ...cluster.fresh])].map((fact) => ({
      fact,
      amount:
        ofMachine(fact.figures) ?? (fact.figures.nodes ?? []).reduce((sum, node) => sum + node.count * ofNode(node), 0),
    }));
    const [best] = given.sort((a, b) => b.amount - a.amount);
    if (best === undefined) {
      knowledge.miss(figure, what, target, machines.old ?? cluster.old);
      return [];
    }
    knowledge.compared += 1;
    if (asked <= best.amount) return [];
    const had = `${hasWhere(best.fact)} has ${text(best.amount)} free (${knownBy(best.fact)})`;
    const place = placeOf(need, figure === "memory" || figure === "gpus" ? figure : undefined);
    const fix = "plan with less, or say where more comes from";
    return [{ ...place, text: `${need.name} needs ${text(asked)}, and ${had}`, cost: cost.serious, fix }];
  });
  return [...tooMuch, ...declaredArchitecture(need, target, knowledge)];
}

function declaredArchitecture(need: Need, target: string | undefined, knowledge: Knowledge): readonly Flaw[] {
  const { architecture, name } = need;
  if (architecture === undefined) return [];
  const machines = knowledge.facts("architecture", target);
  const cluster = knowledge.facts("nodes", target);
  const known = [...machines.fresh, ...cluster.fresh];
  const [first] = known;
  if (first === undefined) {
    knowledge.miss("architecture", "architecture", target, machines.old ?? cluster.old);
    return [];
  }
  knowledge.compared += 1;
  const there = known.flatMap(({ figures }) => [
    ...(figures.architecture === undefined ? [] : [figures.architecture]),
    ...(figures.nodes ?? []).map((node) => node.architecture),
  ]);
  if (there.includes(architecture)) return [];
  const text = `${name} needs ${architecture}, and there is only ${[...new Set(there)].join(", ")} (${knownBy(first)})`;
  return [{ ...placeOf(need, "architecture"), text, cost: cost.serious, fix: "plan for what is there" }];
}

function placeOf({ file, line, lines }: Need, part?: keyof Need["lines"]): Pick<Flaw, "file" | "line"> {
  const own = (part === undefined ? undefined : lines[part]) ?? line;
  return own === undefined ? { file } : { file, line: own };
}
