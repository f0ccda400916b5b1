import type { Flaw } from "../finding.ts";
import type { ReadFile } from "../material.ts";
import { isBaseCompose, isOverlayName } from "../workload.ts";
import { at, entriesOf, isSet, itemsOf, type MapEntry, textOf, textsOf, type YamlNode } from "../yaml/node.ts";
import { formFlaws, refusal } from "./compose-form.ts";
import * as keys from "./compose-keys.ts";
import { portFlaws } from "./compose-ports.ts";
import { referenceFlaws } from "./compose-references.ts";

/**
 * What Compose would refuse, or accept and then not do what it says.
 *
 * @param beside the other Compose files of the same folder, which may describe what this one only names
 */
export function composeFlaws(file: ReadFile, beside: readonly ReadFile[]): Flaw[] {
  const { path, documents } = file;
  const [document] = documents;
  if (document === undefined || document.kind !== "map") return [refusal(path, 1, "the Compose file has no content")];
  const services = entriesOf(at(document, "services"));
  const included = document.entries.has("include");
  const needsServices = isBaseCompose(path) && services.size === 0 && !included && !document.entries.has("models");
  return [
    ...(needsServices ? [refusal(path, 1, "the Compose file has no services")] : []),
    ...formFlaws(path, "the file", document, keys.top),
    ...[...services].flatMap(([name, entry]) => serviceFlaws(path, name, entry)),
    ...[...services].flatMap(([name, entry]) => imageFlaws(path, name, entry, beside)),
    ...namedFlaws(path, document),
    ...portFlaws(path, services),
    ...referenceFlaws(path, document, beside),
  ];
}

function serviceFlaws(file: string, name: string, { line, value }: MapEntry): Flaw[] {
  if (!/^[A-Za-z0-9._-]+$/.test(name)) return [refusal(file, line, `${name} cannot be the name of a service`)];
  if (value.kind !== "map") return [refusal(file, line, `the service ${name} has no content`)];
  const where = `the service ${name}`;
  const part = (...names: string[]) => at(value, ...names);
  return [
    ...formFlaws(file, where, value, keys.service),
    ...formFlaws(file, `healthcheck of ${where}`, part("healthcheck"), keys.healthcheck),
    ...formFlaws(file, `deploy of ${where}`, part("deploy"), keys.deploy),
    ...formFlaws(file, `resources of ${where}`, part("deploy", "resources"), keys.resources),
    ...formFlaws(file, `limits of ${where}`, part("deploy", "resources", "limits"), keys.limits),
    ...formFlaws(file, `reservations of ${where}`, part("deploy", "resources", "reservations"), keys.reservations),
    ...formFlaws(file, `restart_policy of ${where}`, part("deploy", "restart_policy"), keys.restartPolicy),
    ...formFlaws(file, `build of ${where}`, part("build"), keys.build),
    ...formFlaws(file, `logging of ${where}`, part("logging"), keys.logging),
    ...itemsOf(part("volumes")).flatMap((item) => volumeFlaws(file, where, item)),
    ...[...(part("depends_on")?.kind === "map" ? entriesOf(part("depends_on")).values() : [])].flatMap((entry) =>
      formFlaws(file, `depends_on of ${where}`, entry.value, keys.dependency),
    ),
    ...valueFlaws(file, where, value),
  ];
}

/** Values that have the right form and cannot be used. */
function valueFlaws(file: string, where: string, service: YamlNode): Flaw[] {
  const told = (node: YamlNode | undefined, usable: RegExp, what: string, expected: string): Flaw[] => {
    const text = textOf(node);
    if (node === undefined || text === undefined || text.includes("$") || usable.test(text)) return [];
    return [refusal(file, node.line, `${what} of ${where} is "${text.slice(0, 40)}"; expected ${expected}`)];
  };
  const duration = /^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h|d))+$/;
  const health = at(service, "healthcheck");
  const test = at(health, "test");
  const [first] = textsOf(test);
  return [
    ...told(
      at(service, "restart"),
      /^(?:no|always|unless-stopped|on-failure(?::\d+)?)$/,
      "restart",
      "no, always, on-failure or unless-stopped",
    ),
    ...["interval", "timeout", "start_period", "start_interval"].flatMap((name) =>
      told(at(health, name), duration, `healthcheck.${name}`, "a time such as 10s"),
    ),
    ...told(at(service, "stop_grace_period"), duration, "stop_grace_period", "a time such as 10s"),
    ...told(
      at(service, "image"),
      /^[a-z0-9]+(?:[._/:-]+[a-zA-Z0-9_]+)*(?:@sha256:[0-9a-f]{64})?$/,
      "image",
      "a reference such as ghcr.io/example/shop:1.4.2",
    ),
    ...(test?.kind === "list" && !["CMD", "CMD-SHELL", "NONE"].includes(first ?? "")
      ? [
          refusal(
            file,
            test.line,
            `healthcheck.test of ${where} begins with "${first ?? ""}"; expected CMD, CMD-SHELL or NONE`,
          ),
        ]
      : []),
    ...environmentFlaws(file, where, at(service, "environment")),
  ];
}

function environmentFlaws(file: string, where: string, node: YamlNode | undefined): Flaw[] {
  return itemsOf(node).flatMap((item) =>
    item.kind === "scalar" ? [] : [refusal(file, item.line, `an item in environment of ${where} is no NAME=value`)],
  );
}

function volumeFlaws(file: string, where: string, item: YamlNode): Flaw[] {
  if (item.kind === "map") {
    const absent = ["type", "target"].filter((name) => !isSet(at(item, name)));
    return [
      ...formFlaws(file, `a volume of ${where}`, item, keys.longVolume),
      ...absent.map((name) => refusal(file, item.line, `a volume of ${where} has no ${name}`)),
    ];
  }
  const text = textOf(item) ?? "";
  if (text.includes("$") || /^[A-Za-z]:[\\/]/.test(text)) return [];
  const parts = text.split(":");
  const target = parts.length === 1 ? parts[0] : parts[1];
  if (parts.length > 3 || !target?.startsWith("/")) {
    return [refusal(file, item.line, `the volume "${text}" of ${where} has no absolute path in the container`)];
  }
  return [];
}

function imageFlaws(file: string, name: string, { line, value }: MapEntry, beside: readonly ReadFile[]): Flaw[] {
  const layers = [value, ...beside.flatMap((other) => at(other.documents[0], "services", name) ?? [])];
  const has = layers.some((layer) => ["image", "build", "extends", "provider"].some((key) => isSet(at(layer, key))));
  if (has || value.kind !== "map" || isOverlayName(file)) return [];
  return [refusal(file, line, `the service ${name} has neither image nor build`)];
}

/** Networks, volumes, secrets and configs at the top of the file. */
function namedFlaws(file: string, document: YamlNode): Flaw[] {
  const parts = [
    ["networks", "network", keys.network],
    ["volumes", "volume", keys.volume],
    ["secrets", "secret", keys.secret],
    ["configs", "config", keys.secret],
    ["models", "model", keys.model],
  ] as const;
  return parts.flatMap(([part, word, known]) =>
    [...entriesOf(at(document, part))].flatMap(([name, { value }]) =>
      formFlaws(file, `the ${word} ${name}`, value, known),
    ),
  );
}
