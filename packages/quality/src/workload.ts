import { basename, dirname } from "node:path/posix";
import type { ReadFile } from "./material.ts";
import { alwaysSucceeds } from "./shell/succeeds.ts";
import { at, entriesOf, isSet, itemsOf, pairsOf, textOf, textsOf, type YamlNode } from "./yaml/node.ts";

/** A container that somebody wants to keep running: a service of Compose, or a container of a Kubernetes pod. */
export interface Workload {
  readonly origin: "compose" | "kubernetes";
  readonly file: string;
  readonly line: number;
  /** For people: "service web", "container app of Deployment shop". */
  readonly name: string;
  readonly image?: { readonly text: string; readonly line: number };
  /** Whether it is built from a Dockerfile. */
  readonly built: boolean;
  /** Whether it is meant to run until somebody stops it; a job is not. */
  readonly keepsRunning: boolean;
  /** Whether it only changes a service that the Compose file beside it describes. */
  readonly overlay: boolean;
  /** Whether parts of it come from a file that is not known here. */
  readonly inherits: boolean;
  readonly memoryLimit: boolean;
  readonly cpuLimit: boolean;
  /** "off": switched off on purpose; "hollow": it ends well whatever it finds. */
  readonly health: "checked" | "missing" | "off" | "hollow";
  readonly logging: boolean;
  readonly environment: readonly { readonly name: string; readonly value: string; readonly line: number }[];
}

/** The services of all Compose files. What another Compose file of the same folder says of a service counts too. */
export function composeWorkloads(files: readonly ReadFile[]): readonly Workload[] {
  const composeFiles = files.filter(({ kind }) => kind === "compose");
  return composeFiles.flatMap((file) => {
    const services = entriesOf(at(file.documents[0], "services"));
    // In one order, whatever order the files come in: what two others say differently is taken from the first.
    const beside = composeFiles
      .filter((other) => other !== file && dirname(other.path) === dirname(file.path))
      .toSorted((one, other) => (one.path < other.path ? -1 : 1));
    return [...services].map(([name, { line, value }]) => {
      const others = beside.flatMap((other) => {
        const service = at(other.documents[0], "services", name);
        return service === undefined ? [] : [{ base: isBaseCompose(other.path), service }];
      });
      const overlay = !isBaseCompose(file.path) && others.some(({ base }) => base);
      const layers = [value, ...others.map(({ service }) => service)];
      return { ...composeWorkload(name, line, file.path, layers, services), overlay };
    });
  });
}

/** Whether a Compose file is the one that Compose reads by itself; the others are laid over it. */
export function isBaseCompose(path: string): boolean {
  return /^(?:docker-)?compose\.ya?ml$/i.test(basename(path));
}

/** Whether a Compose file is named as one that is laid over another. */
export function isOverlayName(path: string): boolean {
  return /[.-](?:override|overlay|dev|development|local|test|ci|staging|stage|prod|production|debug)\.ya?ml$/i.test(
    path,
  );
}

function composeWorkload(
  name: string,
  line: number,
  file: string,
  layers: readonly YamlNode[],
  services: ReturnType<typeof entriesOf>,
): Omit<Workload, "overlay"> {
  const [own] = layers as [YamlNode];
  const find = (...names: string[]) => layers.map((layer) => at(layer, ...names)).find(isSet);
  const image = at(own, "image");
  const imageText = textOf(image);
  const once = [...services.values()].some(
    ({ value }) => textOf(at(value, "depends_on", name, "condition")) === "service_completed_successfully",
  );
  const restart = textOf(find("restart")) ?? textOf(find("deploy", "restart_policy", "condition"));
  const off = textOf(find("healthcheck", "disable")) === "true" || textsOf(find("healthcheck", "test"))[0] === "NONE";
  const limits = (part: string) => isSet(find("deploy", "resources", "limits", part));
  return {
    origin: "compose",
    file,
    line,
    name: `service ${name}`,
    ...(image === undefined || imageText === undefined ? {} : { image: { text: imageText, line: image.line } }),
    built: find("build") !== undefined,
    keepsRunning: !once && restart !== "no" && restart !== "none" && find("provider") === undefined,
    inherits: find("extends") !== undefined || (!find("image") && !find("build")),
    memoryLimit: limits("memory") || isSet(find("mem_limit")),
    cpuLimit: limits("cpus") || isSet(find("cpus")) || isSet(find("cpu_quota")),
    health: off ? "off" : healthOf([find("healthcheck", "test")].filter(isSet)),
    logging: find("logging") !== undefined,
    environment: pairsOf(at(own, "environment")),
  };
}

/** @param tests as Compose and Kubernetes write them; those that run no command ask over the network */
function healthOf(tests: readonly YamlNode[]): Workload["health"] {
  if (tests.length === 0) return "missing";
  return tests.every((test) => alwaysSucceeds(shellOf(test))) ? "hollow" : "checked";
}

/** A test as shell text: `CMD-SHELL` and `sh -c` hold one, other commands are one. */
function shellOf(test: YamlNode): string {
  const words = textsOf(test);
  const [kind = "", ...rest] = words;
  const command = kind === "CMD" || kind === "CMD-SHELL" ? rest : words;
  const shell =
    /^(?:\/bin\/)?(?:ba|a|da)?sh$/.test(command[0] ?? "") && command[1] === "-c" ? command.slice(2, 3) : command;
  return shell.join(" ");
}

const podKinds = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod", "Job", "CronJob"];

/** The pod of a Kubernetes object, if it makes pods. */
export function podSpec(document: YamlNode): YamlNode | undefined {
  const kind = textOf(at(document, "kind")) ?? "";
  if (!podKinds.includes(kind)) return undefined;
  if (kind === "Pod") return at(document, "spec");
  const start = kind === "CronJob" ? at(document, "spec", "jobTemplate") : document;
  return at(start, "spec", "template", "spec");
}

/** The containers of all pods. */
export function kubernetesWorkloads(files: readonly ReadFile[]): readonly Workload[] {
  return files
    .filter(({ kind }) => kind === "kubernetes")
    .flatMap(({ path, documents }) => documents.flatMap((document) => podContainers(document, path)));
}

function podContainers(document: YamlNode, file: string): Workload[] {
  const kind = textOf(at(document, "kind")) ?? "";
  const owner = `${kind} ${textOf(at(document, "metadata", "name")) ?? "without a name"}`;
  const pod = podSpec(document);
  return itemsOf(at(pod, "containers")).map((container): Workload => {
    const image = at(container, "image");
    const imageText = textOf(image);
    return {
      origin: "kubernetes",
      file,
      line: container.line,
      name: `container ${textOf(at(container, "name")) ?? "without a name"} of ${owner}`,
      ...(image === undefined || imageText === undefined ? {} : { image: { text: imageText, line: image.line } }),
      built: false,
      keepsRunning: !["Job", "CronJob"].includes(kind),
      overlay: false,
      inherits: false,
      memoryLimit: isSet(at(container, "resources", "limits", "memory")),
      cpuLimit:
        isSet(at(container, "resources", "limits", "cpu")) || isSet(at(container, "resources", "requests", "cpu")),
      health: healthOf(
        ["readinessProbe", "livenessProbe", "startupProbe"]
          .map((probe) => at(container, probe))
          .filter(isSet)
          .map((probe) => at(probe, "exec", "command") ?? probe),
      ),
      logging: true,
      environment: itemsOf(at(container, "env")).flatMap((item) => {
        const name = textOf(at(item, "name"));
        const value = at(item, "value");
        return name === undefined ? [] : [{ name, value: textOf(value) ?? "", line: value?.line ?? item.line }];
      }),
    };
  });
}
