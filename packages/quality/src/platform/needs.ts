import { dirname } from "node:path/posix";
import type { Material, ReadFile } from "../material.ts";
import { podSpec } from "../workload.ts";
import { at, entriesOf, itemsOf, textOf, textsOf, type YamlNode } from "../yaml/node.ts";
import { composeBytes, quantity } from "./amount.ts";

/** What something that was prepared takes of a machine, or of a cluster as a whole. Absent: it does not say. */
export interface Need {
  /** For people: "service web". */
  readonly name: string;
  readonly file: string;
  readonly line?: number;
  /** Bytes. */
  readonly memory?: number | undefined;
  readonly cpus?: number | undefined;
  readonly gpus?: number | undefined;
  /** Bytes. */
  readonly disk?: number | undefined;
  readonly architecture?: string | undefined;
  /** The lines at which these stand, where that is not the line of the whole. */
  readonly lines: Readonly<Partial<Record<"memory" | "gpus" | "architecture", number>>>;
}

/** What one pod takes of the node on which it runs, and how many pods of its kind there are to be. */
export interface PodNeed extends Omit<Need, "gpus"> {
  /** Undefined: as many as there are nodes. */
  readonly replicas: number | undefined;
  /** Resources with a vendor's name: nvidia.com/gpu. */
  readonly devices: Readonly<Record<string, number>>;
  /** Architectures of the nodes that it may run on; [] when it does not choose. */
  readonly architectures: readonly string[];
  /** Whether its images are said to be there for every architecture. */
  readonly anywhere: boolean;
}

/** What the services of the Compose files take. Of a service that stands in several files of a folder the largest counts. */
export function composeNeeds({ files }: Material): readonly Need[] {
  const needs = files
    .filter(({ kind }) => kind === "compose")
    .flatMap((file) =>
      [...entriesOf(at(file.documents[0], "services"))].map(([name, { line, value }]) => ({
        key: `${dirname(file.path)} ${name}`,
        need: serviceNeed(name, line, value, file),
      })),
    );
  return [...Map.groupBy(needs, ({ key }) => key).values()].flatMap((layers) => {
    const [largest] = layers.map(({ need }) => need).sort((a, b) => (b.memory ?? 0) - (a.memory ?? 0));
    return largest === undefined ? [] : [largest];
  });
}

function serviceNeed(name: string, line: number, service: YamlNode, { path }: ReadFile): Need {
  const resources = at(service, "deploy", "resources");
  const memory =
    at(resources, "limits", "memory") ?? at(service, "mem_limit") ?? at(resources, "reservations", "memory");
  const copies = Number(textOf(at(service, "deploy", "replicas") ?? at(service, "scale")) ?? 1) || 1;
  const bytes = composeBytes(textOf(memory));
  const platform = at(service, "platform");
  const [, architecture] = /^linux\/(\w+)/.exec(textOf(platform) ?? "") ?? [];
  const gpus = serviceGpus(service, resources);
  return {
    name: `service ${name}`,
    file: path,
    line,
    memory: bytes === undefined ? undefined : bytes * copies,
    gpus: gpus === undefined ? undefined : gpus.count * copies,
    architecture,
    lines: lineOf({ memory, gpus: gpus?.node, architecture: platform }),
  };
}

function lineOf(nodes: Readonly<Record<string, YamlNode | undefined>>): Need["lines"] {
  return Object.fromEntries(
    Object.entries(nodes).flatMap(([name, node]) => (node === undefined ? [] : [[name, node.line]])),
  );
}

/** `gpus: 2`, or devices with the capability gpu. "all" of them are at least one. */
function serviceGpus(
  service: YamlNode,
  resources: YamlNode | undefined,
): { readonly count: number; readonly node: YamlNode } | undefined {
  const whole = at(service, "gpus");
  const listed = [...itemsOf(whole), ...itemsOf(at(resources, "reservations", "devices"))];
  const devices = listed.filter(
    (item) => itemsOf(whole).includes(item) || textsOf(at(item, "capabilities")).includes("gpu"),
  );
  const [first] = devices;
  if (first === undefined) {
    const count = textOf(whole);
    return whole === undefined || count === undefined ? undefined : { count: Number(count) || 1, node: whole };
  }
  const counts = devices.map(
    (device) => textsOf(at(device, "device_ids")).length || Number(textOf(at(device, "count"))) || 1,
  );
  return { count: counts.reduce((sum, count) => sum + count, 0), node: first };
}

/** What the pods of the Kubernetes manifests take. */
export function podNeeds({ files }: Material): readonly PodNeed[] {
  return files
    .filter(({ kind }) => kind === "kubernetes")
    .flatMap(({ path, documents }) => documents.flatMap((document) => podNeed(document, path) ?? []));
}

function podNeed(document: YamlNode, file: string): PodNeed | undefined {
  const pod = podSpec(document);
  if (pod === undefined) return undefined;
  const kind = textOf(at(document, "kind")) ?? "";
  const containers = itemsOf(at(pod, "containers"));
  const asked = containers.map(askedOf);
  const sum = (name: string) => {
    const amounts = asked.flatMap((each) => each.get(name)?.amount ?? []);
    return amounts.length === 0 ? undefined : amounts.reduce((total, amount) => total + amount, 0);
  };
  const devices = [...new Set(asked.flatMap((each) => [...each.keys()]))].filter((name) => name.includes("/"));
  const chosen = chosenArchitectures(pod);
  const line = (name: string | undefined) => asked.flatMap((each) => each.get(name ?? "")?.line ?? [])[0];
  const [memoryLine, deviceLine] = [line("memory"), line(devices[0])];
  return {
    name: `${kind} ${textOf(at(document, "metadata", "name")) ?? "without a name"}`,
    file,
    line: document.line,
    replicas: kind === "DaemonSet" ? undefined : replicasOf(kind, document),
    memory: sum("memory"),
    cpus: sum("cpu"),
    disk: sum("ephemeral-storage"),
    devices: Object.fromEntries(devices.map((name) => [name, sum(name) ?? 0])),
    architectures: chosen.names,
    anywhere: isForAll(document),
    lines: {
      ...(memoryLine === undefined ? {} : { memory: memoryLine }),
      ...(deviceLine === undefined ? {} : { gpus: deviceLine }),
      ...(chosen.line === undefined ? {} : { architecture: chosen.line }),
    },
  };
}

/** What a container asks for; what it only limits it asks for too. */
function askedOf(container: YamlNode): Map<string, { readonly amount: number; readonly line: number }> {
  const both = [at(container, "resources", "limits"), at(container, "resources", "requests")];
  return new Map(
    both.flatMap((part) =>
      [...entriesOf(part)].flatMap(([name, { line, value }]) => {
        const amount = quantity(textOf(value));
        return amount === undefined ? [] : [[name, { amount, line }] as const];
      }),
    ),
  );
}

function replicasOf(kind: string, document: YamlNode): number {
  const path = kind === "Job" ? ["spec", "parallelism"] : ["spec", "replicas"];
  const told = Number(textOf(at(document, ...path)) ?? 1);
  return Number.isInteger(told) && told >= 0 ? told : 1;
}

const label = "kubernetes.io/arch";

function chosenArchitectures(pod: YamlNode): { readonly names: readonly string[]; readonly line?: number } {
  const selector = at(pod, "nodeSelector", label);
  const selected = textOf(selector);
  if (selector !== undefined && selected !== undefined) return { names: [selected], line: selector.line };
  const required = at(pod, "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
  const choices = itemsOf(at(required, "nodeSelectorTerms"))
    .flatMap((term) => itemsOf(at(term, "matchExpressions")))
    .filter((each) => textOf(at(each, "key")) === label && textOf(at(each, "operator")) === "In");
  const names = choices.flatMap((each) => textsOf(at(each, "values")));
  const [first] = choices;
  return first === undefined ? { names } : { names, line: first.line };
}

/** As the lessons of the field have it: an annotation, on the object or on its pods. */
function isForAll(document: YamlNode): boolean {
  const places = [
    ["metadata", "annotations"],
    ["spec", "template", "metadata", "annotations"],
  ];
  return places.some((place) => textOf(at(document, ...place, "memomesh.dev/multi-arch")) === "true");
}

/** What plans (docs/plans/*.json) say that they need, and what a request says of its deployment. */
export function declaredNeeds({ files, request }: Material): readonly (Need & { readonly target?: string })[] {
  const planned = files.flatMap((file) => {
    const needs = at(file.documents[0], "needs");
    if (!isPlan(file.path) || needs === undefined) return [];
    const { memory, cpus, gpus, disk, architecture, target } = Object.fromEntries(
      [...entriesOf(needs)].map(([name, { value }]) => [name, textOf(value)]),
    );
    const lines = lineOf({
      memory: at(needs, "memory"),
      gpus: at(needs, "gpus"),
      architecture: at(needs, "architecture"),
    });
    const amounts = { memory: quantity(memory), disk: quantity(disk), cpus: quantity(cpus), gpus: quantity(gpus) };
    const need = { name: "the plan", file: file.path, line: needs.line, ...amounts, architecture, lines };
    return [target === undefined ? need : { ...need, target }];
  });
  const { resources, target } = request?.deployment ?? {};
  const [memory, disk] = [composeBytes(resources?.memory), composeBytes(resources?.disk)];
  if (request === undefined || (memory === undefined && disk === undefined)) return planned;
  const asked = { name: "the deployment", file: request.file, memory, disk, lines: {} };
  return [...planned, target === undefined ? asked : { ...asked, target }];
}

function isPlan(path: string): boolean {
  return /(?:^|\/)docs\/plans\/[^/]+\.json$/.test(path);
}
