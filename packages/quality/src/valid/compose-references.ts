import type { Flaw } from "../finding.ts";
import { cost } from "../finding.ts";
import type { ReadFile } from "../material.ts";
import { at, entriesOf, isSet, itemsOf, type MapEntry, textOf, textsOf, type YamlNode } from "../yaml/node.ts";
import { refusal } from "./compose-form.ts";

/** Names that nothing has, services that wait for each other, and what is waited for and cannot come. */
export function referenceFlaws(file: string, document: YamlNode, beside: readonly ReadFile[]): Flaw[] {
  const all = [document, ...beside.flatMap(({ documents }) => documents[0] ?? [])];
  // What is included brings names of its own.
  if (all.some((each) => isSet(at(each, "include")))) return [];
  const known = (part: string) => new Set(all.flatMap((each) => [...entriesOf(at(each, part)).keys()]));
  const services = entriesOf(at(document, "services"));
  const names = known("services");
  return [
    ...[...services].flatMap(([name, { value }]) => dependencyFlaws(file, name, value, names, all)),
    ...cycleFlaws(file, services),
    ...[...services].flatMap(([name, { value }]) => [
      ...undefinedNames(file, name, "network", namesIn(at(value, "networks")), known("networks").add("default")),
      ...undefinedNames(file, name, "volume", volumeNames(at(value, "volumes")), known("volumes")),
      ...undefinedNames(file, name, "secret", grantNames(at(value, "secrets")), known("secrets")),
      ...undefinedNames(file, name, "config", grantNames(at(value, "configs")), known("configs")),
      ...modeFlaws(file, name, value),
    ]),
    ...nameFlaws(file, services),
  ];
}

interface Named {
  readonly name: string;
  readonly line: number;
}

function namesIn(node: YamlNode | undefined): readonly Named[] {
  if (node?.kind === "map") return [...node.entries].map(([name, { line }]) => ({ name, line }));
  return itemsOf(node).map((item) => ({ name: textOf(item) ?? "", line: item.line }));
}

function volumeNames(node: YamlNode | undefined): readonly Named[] {
  return itemsOf(node).flatMap((item) => {
    if (item.kind === "map") {
      const name = textOf(at(item, "type")) === "volume" ? textOf(at(item, "source")) : undefined;
      return name === undefined ? [] : [{ name, line: item.line }];
    }
    const [source = "", target] = (textOf(item) ?? "").split(":");
    const isName = target !== undefined && /^[A-Za-z0-9][\w.-]*$/.test(source) && source.length > 1;
    return isName ? [{ name: source, line: item.line }] : [];
  });
}

function grantNames(node: YamlNode | undefined): readonly Named[] {
  return itemsOf(node).flatMap((item) => {
    const name = item.kind === "map" ? textOf(at(item, "source")) : textOf(item);
    return name === undefined ? [] : [{ name, line: item.line }];
  });
}

function undefinedNames(
  file: string,
  service: string,
  kind: string,
  used: readonly Named[],
  known: ReadonlySet<string>,
): Flaw[] {
  return used
    .filter(({ name }) => name !== "" && !name.includes("$") && !known.has(name))
    .map(({ name, line }) =>
      refusal(
        file,
        line,
        `the service ${service} uses the ${kind} ${name}, which is not there`,
        `define it under ${kind}s:`,
      ),
    );
}

function dependencyFlaws(
  file: string,
  service: string,
  value: YamlNode,
  names: ReadonlySet<string>,
  all: readonly YamlNode[],
): Flaw[] {
  return namesIn(at(value, "depends_on")).flatMap(({ name, line }): Flaw[] => {
    const entry = at(value, "depends_on", name);
    const optional = textOf(at(entry, "required")) === "false";
    if (!names.has(name)) {
      return optional ? [] : [refusal(file, line, `${service} depends on ${name}, which is no service`)];
    }
    const condition = textOf(at(entry, "condition"));
    if (entry === undefined || condition === undefined) return [];
    const conditions = ["service_started", "service_healthy", "service_completed_successfully"];
    if (!conditions.includes(condition)) {
      return [
        refusal(file, line, `${service} waits for ${name} to be "${condition}"; expected ${conditions.join(", ")}`),
      ];
    }
    const layers = all.flatMap((each) => at(each, "services", name) ?? []);
    // An image can bring a health check of its own; whether it does is not known here.
    const checked = layers.some((layer) => isSet(at(layer, "healthcheck", "test")) || isSet(at(layer, "build")));
    if (condition !== "service_healthy" || checked) return [];
    const text = `${service} waits until ${name} is healthy, and ${name} has no health check here`;
    return [{ file, line, text, cost: cost.notable, fix: `give ${name} a health check` }];
  });
}

/** One finding for each circle, at the service from which it is first seen. */
function cycleFlaws(file: string, services: ReadonlyMap<string, MapEntry>): Flaw[] {
  const done = new Set<string>();
  const flaws: Flaw[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    const start = path.indexOf(name);
    if (start !== -1) {
      const circle = [...path.slice(start), name].join(" → ");
      flaws.push(refusal(file, services.get(name)?.line ?? 1, `services wait for each other: ${circle}`));
      return;
    }
    if (done.has(name) || path.length > 500) return;
    for (const { name: next } of namesIn(at(services.get(name)?.value, "depends_on"))) visit(next, [...path, name]);
    done.add(name);
  };
  for (const name of services.keys()) visit(name, []);
  return flaws;
}

function modeFlaws(file: string, name: string, service: YamlNode): Flaw[] {
  const mode = at(service, "network_mode");
  if (mode === undefined) return [];
  if (isSet(at(service, "networks"))) {
    return [refusal(file, mode.line, `the service ${name} has both network_mode and networks`)];
  }
  const ports = at(service, "ports");
  if (textOf(mode) !== "host" || !isSet(ports)) return [];
  const text = `the service ${name} uses the host's network, so its ports have no effect`;
  return [{ file, line: ports.line, text, cost: cost.slight, fix: "take out ports, or network_mode" }];
}

/** A container's name can be given once. */
function nameFlaws(file: string, services: ReadonlyMap<string, MapEntry>): Flaw[] {
  const owners = new Map<string, string>();
  return [...services].flatMap(([name, { value }]): Flaw[] => {
    const node = at(value, "container_name");
    const container = textsOf(node)[0];
    if (node === undefined || container === undefined) return [];
    const owner = owners.get(container);
    owners.set(container, name);
    if (owner !== undefined) {
      return [refusal(file, node.line, `the container name ${container} is wanted by ${owner} and ${name}`)];
    }
    const replicas = Number(textOf(at(value, "deploy", "replicas")) ?? textOf(at(value, "scale")) ?? 1);
    return replicas > 1
      ? [refusal(file, node.line, `${name} has ${replicas} replicas and one container name`, "take out container_name")]
      : [];
  });
}
