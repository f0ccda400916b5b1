import { Document, isMap, type YAMLMap } from "yaml";
import { quoted } from "../quote.ts";
import { type ComposeDocument, printCompose, readCompose, releaseKey } from "./compose-document.ts";
import { completeService, defaultLimits, isDataImage, isDataPort } from "./compose-service.ts";
import { rules } from "./fitness.ts";
import type { Release } from "./release.ts";

/** A Compose file for a release, and what a reviewer has to know about it. */
export interface Composed {
  readonly source: string;
  /** Names of the services whose health is waited for. */
  readonly services: readonly string[];
  readonly images: readonly string[];
  /** Sentences. */
  readonly unknown: readonly string[];
}

/**
 * The Compose file for one image. In a file that exists already only the image and what the memo says are changed;
 * whatever else a person wrote there stays.
 *
 * @param image a pinned reference
 * @returns a sentence when the existing file cannot be edited
 */
export function composeForImage(release: Release, image: string, existing: string | undefined): Composed | string {
  const { app, env, memory, cpus } = release;
  const read = existing === undefined ? newCompose(app) : readCompose(existing);
  if (typeof read === "string") return `\`services/${app}/compose.yaml\` cannot be read: ${read}.`;
  const { document, services, resolved } = read;
  const service = services.get(app);
  if (service === undefined) return `\`services/${app}/compose.yaml\` has no service ${quoted(app)}.`;
  const unknown: string[] = [];
  document.set(releaseKey, release.name);
  service.set("image", image);
  if (env.length > 0) setList(document, service, "env_file", [`./${app}.env`]);
  unknown.push(...setPorts(document, service, release, image));
  unknown.push(...setHealth(document, service, release, resolved[app] ?? {}));
  const told = { ...(memory === undefined ? {} : { memory }), ...(cpus === undefined ? {} : { cpus }) };
  if (!canHoldLimits(service))
    return `\`services/${app}/compose.yaml\` takes its limits from an alias, which cannot be edited.`;
  if (completeService(service, resolved[app] ?? {}, told)) {
    unknown.push(
      `How much memory and CPU ${app} needs: ${memory ?? defaultLimits.memory} and ${cpus ?? defaultLimits.cpus} CPU were assumed where nothing was told.`,
    );
  }
  return { source: printCompose(document), services: [app], images: [image], unknown };
}

/**
 * The reference that will run.
 *
 * @returns the reference and, when the tag had to be taken from the version, a sentence that says so; or a reason
 */
export function pinnedImage(image: string, version: string): { image: string; assumed?: string } | string {
  if (!rules.image.pattern.test(image))
    return `The image ${quoted(image)} cannot be used; expected ${rules.image.expected}.`;
  const tag = /:([^:/@]+)(?:@|$)/.exec(image)?.[1];
  if (image.includes("@sha256:")) return { image };
  if (tag === "latest")
    return `The image ${quoted(image)} is not pinned: what \`latest\` means changes. Expected a tag or a digest.`;
  if (tag !== undefined) return { image };
  const pinned = `${image}:${version}`;
  if (!rules.image.pattern.test(pinned))
    return `The image ${quoted(image)} has no tag; expected ${rules.image.expected}.`;
  return { image: pinned, assumed: `Which tag of \`${image}\` is meant: the version was taken, \`${pinned}\`.` };
}

function newCompose(app: string): ComposeDocument {
  const document = new Document({ name: app, [releaseKey]: "", services: { [app]: {} } });
  const service = document.getIn(["services", app]) as YAMLMap;
  service.flow = false;
  return { document, services: new Map([[app, service]]), resolved: { [app]: {} } };
}

function setList(document: Document, service: YAMLMap, key: string, list: readonly string[]): void {
  service.set(key, document.createNode(list));
}

/** Only the host itself reaches the port: what the world sees is the web server's business. */
function setPorts(document: Document, service: YAMLMap, { app, port }: Release, image: string): string[] {
  if (port === undefined) return [];
  if (isDataImage(image) || isDataPort(port)) {
    return [
      `Who needs port ${port} of ${app}: it belongs to a program that keeps data, so it is not published; other services reach it by the name ${app}.`,
    ];
  }
  setList(document, service, "ports", [`127.0.0.1:${port}:${port}`]);
  return [];
}

function setHealth(
  document: Document,
  service: YAMLMap,
  { app, port, verify }: Release,
  resolved: Readonly<Record<string, unknown>>,
): string[] {
  if (resolved.healthcheck !== undefined) return [];
  const address = verify
    .flatMap((each) => ("http" in each ? [each.http] : []))
    .find(
      (each) => port !== undefined && new RegExp(`^http://(?:127\\.0\\.0\\.1|localhost):${port}(?:/|$)`).test(each),
    );
  if (address === undefined && port === undefined) {
    return [
      `How to see that ${app} is healthy: the memo names neither a port nor an address to ask, so there is only the image's own health check, if it has one.`,
    ];
  }
  const probe =
    address === undefined
      ? `nc -z 127.0.0.1 ${port}`
      : `wget -q -O /dev/null ${address} || curl -fsS -o /dev/null ${address}`;
  const check = { test: ["CMD-SHELL", probe], interval: "10s", timeout: "5s", retries: 6, start_period: "20s" };
  service.set("healthcheck", document.createNode(check));
  const needs =
    address === undefined
      ? "`nc`; it only opens the port, because the memo names no address to ask"
      : "`wget` or `curl`";
  return [`Whether the image of ${app} holds what its health check needs: ${needs}.`];
}

function canHoldLimits(service: YAMLMap): boolean {
  return [["deploy"], ["deploy", "resources"], ["deploy", "resources", "limits"]].every((path) => {
    const node = service.getIn(path);
    return node === undefined || isMap(node);
  });
}
