import { isMap, type YAMLMap } from "yaml";
import { quoted, quotedList } from "../quote.ts";
import { printCompose, readCompose, releaseKey } from "./compose-document.ts";
import type { Composed } from "./compose-image.ts";
import { completeService, defaultLimits, isPinned, widePorts, withoutDataPorts } from "./compose-service.ts";
import { fits } from "./fitness.ts";
import type { Release } from "./release.ts";

/**
 * The developer's Compose file made fit for a target: limits, a restart policy, no published ports of programs that keep
 * data. Comments and layout stay.
 *
 * @param origin where the file comes from, for the reader
 * @returns sentences about what the developer has to change, when there is something
 */
export function adoptCompose(release: Release, source: string, origin: string): Composed | readonly string[] {
  const { app, env } = release;
  const read = readCompose(source);
  if (typeof read === "string") return [`The Compose file ${quoted(origin)} cannot be used: ${read}.`];
  const { document, services, resolved } = read;
  const refusals: string[] = [];
  const unknown: string[] = [];
  const images: string[] = [];
  for (const [name, service] of services) {
    const whole = resolved[name] ?? {};
    refusals.push(...refusalsOf(name, whole));
    images.push(String(whole.image));
    if (completeService(service, whole, limitsFor(name, release, services.size))) {
      unknown.push(
        `How much memory and CPU ${name} needs: ${defaultLimits.memory} and ${defaultLimits.cpus} CPU were assumed where nothing was told.`,
      );
    }
    const taken = withoutDataPorts(service);
    if (taken.length > 0)
      unknown.push(
        `Who needs port ${taken.join(", ")} of ${name} from outside: it belongs to a program that keeps data and is no longer published.`,
      );
    const wide = widePorts(service);
    if (wide.length > 0)
      unknown.push(
        `Whether ${name} is meant to be reached from everywhere: it publishes ${quotedList(wide)} on every address.`,
      );
    if (whole.healthcheck === undefined)
      unknown.push(`How to see that ${name} is healthy: it has no health check, so only that it runs is waited for.`);
    unknown.push(...localFiles(name, whole, app));
  }
  if (refusals.length > 0) return refusals;
  if (env.length > 0) unknown.push(...setEnvFile(app, services));
  document.set("name", app);
  document.set(releaseKey, release.name);
  const head = `# Made from ${origin}; changes belong there, this file is written anew with every deployment.\n`;
  return {
    source: head + printCompose(document),
    services: [...services.keys()],
    images: [...new Set(images)],
    unknown,
  };
}

function limitsFor(name: string, { app, memory, cpus }: Release, services: number): { memory?: string; cpus?: number } {
  if (name !== app && services > 1) return {};
  return { ...(memory === undefined ? {} : { memory }), ...(cpus === undefined ? {} : { cpus }) };
}

type Service = Readonly<Record<string, unknown>>;

const own = ["network_mode", "pid", "ipc", "uts", "userns_mode", "cgroup"] as const;
const secretName = /PASS(?:WORD|WD)?|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIAL/i;

/** What would give a container the host, or put a value where only a name may stand. */
function refusalsOf(name: string, service: Service): string[] {
  const image = String(service.image ?? "");
  const volumes = listOf(service.volumes).map((each) =>
    typeof each === "string" ? each : String((each as Service).source ?? ""),
  );
  return [
    ...(fits("image", image) && isPinned(image)
      ? []
      : [
          `The image ${quoted(image || "(none)")} of ${name} is not pinned; expected a tag other than latest, or a digest.`,
        ]),
    ...(service.privileged === true ? [`${name} asks for \`privileged\`.`] : []),
    ...own.filter((key) => service[key] === "host").map((key) => `${name} asks for \`${key}: host\`.`),
    ...(listOf(service.devices).length > 0 ? [`${name} asks for devices of the host.`] : []),
    ...(listOf(service.cap_add).length > 0 ? [`${name} asks for more rights (\`cap_add\`).`] : []),
    ...(volumes.some((volume) => /docker\.sock/.test(volume)) ? [`${name} asks for the socket of Docker.`] : []),
    ...volumes
      .filter((volume) => volume.startsWith("/") || volume.startsWith("~") || /^\.\.(?:\/|$|:)/.test(volume))
      .map((volume) => `${name} mounts ${quoted(volume)} of the host.`),
    ...valuesOf(service.environment)
      .filter(([key, value]) => secretName.test(key) && value !== "" && !/^\$\{?[A-Za-z_]/.test(value))
      .map(([key]) => `The environment of ${name} holds a value for ${quoted(key)}; expected the name only.`),
  ];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function valuesOf(environment: unknown): [string, string][] {
  if (Array.isArray(environment)) {
    return environment.map((entry) => {
      const [key = "", ...rest] = String(entry).split("=");
      return [key, rest.join("=")];
    });
  }
  if (typeof environment !== "object" || environment === null) return [];
  return Object.entries(environment).map(([key, value]) => [key, String(value ?? "")]);
}

/** Only the Compose file itself is brought to the target. */
function localFiles(name: string, service: Service, app: string): string[] {
  const mounts = listOf(service.volumes)
    .filter((each) => typeof each === "string" && each.startsWith("./"))
    .map(String);
  const files = [service.env_file]
    .flat()
    .filter((each): each is string => typeof each === "string" && each !== `./${app}.env`);
  const all = [...mounts.map((mount) => mount.split(":", 1)[0] ?? ""), ...files];
  if (all.length === 0) return [];
  return [`How ${quotedList(all)} of ${name} come to the target: only the Compose file is put there.`];
}

function setEnvFile(app: string, services: ReadonlyMap<string, YAMLMap>): string[] {
  const service = services.get(app) ?? (services.size === 1 ? [...services.values()][0] : undefined);
  if (!isMap(service))
    return [
      `Which of the services needs the variables that the memo names: none is called ${app}, so none was given them.`,
    ];
  if (!service.has("env_file")) service.set("env_file", [`./${app}.env`]);
  return [];
}
