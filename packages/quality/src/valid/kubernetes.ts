import { cost, type Flaw } from "../finding.ts";
import type { ReadFile } from "../material.ts";
import { podSpec } from "../workload.ts";
import { at, entriesOf, isSet, itemsOf, textOf, type YamlNode } from "../yaml/node.ts";

/** The API groups of the kinds that Kubernetes itself has (1.34), and versions that it has no more. */
const groups: Readonly<Record<string, string>> = {
  Pod: "v1",
  Service: "v1",
  ConfigMap: "v1",
  Secret: "v1",
  Namespace: "v1",
  ServiceAccount: "v1",
  PersistentVolume: "v1",
  PersistentVolumeClaim: "v1",
  ResourceQuota: "v1",
  LimitRange: "v1",
  Deployment: "apps/v1",
  StatefulSet: "apps/v1",
  DaemonSet: "apps/v1",
  ReplicaSet: "apps/v1",
  Job: "batch/v1",
  CronJob: "batch/v1",
  Ingress: "networking.k8s.io/v1",
  IngressClass: "networking.k8s.io/v1",
  NetworkPolicy: "networking.k8s.io/v1",
  PodDisruptionBudget: "policy/v1",
  HorizontalPodAutoscaler: "autoscaling/v2 autoscaling/v1",
  Role: "rbac.authorization.k8s.io/v1",
  RoleBinding: "rbac.authorization.k8s.io/v1",
  ClusterRole: "rbac.authorization.k8s.io/v1",
  ClusterRoleBinding: "rbac.authorization.k8s.io/v1",
  StorageClass: "storage.k8s.io/v1",
  PriorityClass: "scheduling.k8s.io/v1",
  CustomResourceDefinition: "apiextensions.k8s.io/v1",
};

/** Kinds that carry no name of their own. */
const nameless = ["List", "Kustomization", "Component"];

/** What the API server would refuse, as far as it can be known without one. */
export function kubernetesFlaws({ path, documents }: ReadFile): Flaw[] {
  const objects = documents.flatMap((document) =>
    textOf(at(document, "kind")) === "List" ? itemsOf(at(document, "items")) : [document],
  );
  return [...objects.flatMap((object) => objectFlaws(path, object)), ...duplicateFlaws(path, objects)];
}

function refused(file: string, line: number, text: string, fix?: string): Flaw {
  return { file, line, text, cost: cost.serious, blocks: true, ...(fix === undefined ? {} : { fix }) };
}

function objectFlaws(file: string, object: YamlNode): Flaw[] {
  if (object.kind !== "map") {
    return object.kind === "scalar" && object.value === null
      ? []
      : [refused(file, object.line, "this document is no Kubernetes object")];
  }
  const kind = textOf(at(object, "kind"));
  const version = textOf(at(object, "apiVersion"));
  const absent = ["apiVersion", "kind"].filter((name) => !isSet(at(object, name)));
  if (kind === undefined || version === undefined) {
    return [refused(file, object.line, `this object has no ${absent.join(" and no ")}`)];
  }
  return [
    ...groupFlaws(file, kind, version, at(object, "apiVersion")?.line ?? object.line),
    ...nameFlaws(file, kind, object),
    ...selectorFlaws(file, kind, object),
    ...podFlaws(file, kind, object),
    ...portFlaws(file, kind, object),
    ...valueFlaws(file, object),
  ];
}

function groupFlaws(file: string, kind: string, version: string, line: number): Flaw[] {
  const known = Object.hasOwn(groups, kind) ? groups[kind]?.split(" ") : undefined;
  // Other projects have kinds of the same name, such as Knative's Service.
  const own = /^(?:v\d|apps\/|extensions\/|batch\/|policy\/|autoscaling\/|[a-z.]*k8s\.io\/)/.test(version);
  if (known === undefined || known.includes(version) || !own) return [];
  return [refused(file, line, `${kind} is not in ${version}`, `write apiVersion: ${known[0]}`)];
}

function nameFlaws(file: string, kind: string, object: YamlNode): Flaw[] {
  const node = at(object, "metadata", "name");
  const name = textOf(node);
  if (nameless.includes(kind) || isSet(at(object, "metadata", "generateName"))) return [];
  if (name === undefined) return [refused(file, object.line, `the ${kind} has no metadata.name`)];
  if (/[$]|\{\{/.test(name) || /^[a-z0-9](?:[a-z0-9.:-]{0,251}[a-z0-9])?$/.test(name)) return [];
  return [refused(file, node?.line ?? object.line, `"${name.slice(0, 60)}" cannot be the name of a ${kind}`)];
}

function selectorFlaws(file: string, kind: string, object: YamlNode): Flaw[] {
  if (!["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].includes(kind)) return [];
  const selector = at(object, "spec", "selector");
  if (!isSet(selector)) return [refused(file, object.line, `the ${kind} has no spec.selector`)];
  const labels = entriesOf(at(object, "spec", "template", "metadata", "labels"));
  return [...entriesOf(at(selector, "matchLabels"))].flatMap(([name, { line, value }]) =>
    textOf(labels.get(name)?.value) === textOf(value)
      ? []
      : [
          refused(
            file,
            line,
            `the selector of the ${kind} wants ${name}: ${textOf(value) ?? ""}, which its pods do not have`,
          ),
        ],
  );
}

function podFlaws(file: string, kind: string, object: YamlNode): Flaw[] {
  const pod = podSpec(object);
  if (pod === undefined) {
    const makesPods = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod"].includes(kind);
    return makesPods ? [refused(file, object.line, `the ${kind} has no pod`)] : [];
  }
  const containers = itemsOf(at(pod, "containers"));
  if (containers.length === 0) return [refused(file, pod.line, `the ${kind} has no containers`)];
  const volumes = new Set([
    ...itemsOf(at(pod, "volumes")).map((volume) => textOf(at(volume, "name"))),
    ...itemsOf(at(object, "spec", "volumeClaimTemplates")).map((claim) => textOf(at(claim, "metadata", "name"))),
  ]);
  return [...containers, ...itemsOf(at(pod, "initContainers"))].flatMap((container) => {
    const absent = ["name", "image"].filter((name) => !isSet(at(container, name)));
    const mounts = itemsOf(at(container, "volumeMounts"));
    return [
      ...absent.map((name) => refused(file, container.line, `a container of the ${kind} has no ${name}`)),
      ...mounts
        .filter((mount) => !volumes.has(textOf(at(mount, "name"))))
        .map((mount) =>
          refused(
            file,
            mount.line,
            `the volume ${textOf(at(mount, "name")) ?? "without a name"} is mounted and not defined`,
          ),
        ),
      ...probeFlaws(file, container),
    ];
  });
}

function probeFlaws(file: string, container: YamlNode): Flaw[] {
  return ["livenessProbe", "readinessProbe", "startupProbe"].flatMap((name) => {
    const probe = at(container, name);
    if (probe === undefined || ["httpGet", "tcpSocket", "exec", "grpc"].some((way) => at(probe, way))) return [];
    return [refused(file, probe.line, `${name} says no way to ask: expected httpGet, tcpSocket, exec or grpc`)];
  });
}

function portFlaws(file: string, kind: string, object: YamlNode): Flaw[] {
  if (kind !== "Service" || textOf(at(object, "apiVersion")) !== "v1") return [];
  const spec = at(object, "spec");
  const ports = itemsOf(at(spec, "ports"));
  if (ports.length === 0) {
    const external = textOf(at(spec, "type")) === "ExternalName" || textOf(at(spec, "clusterIP")) === "None";
    return external ? [] : [refused(file, object.line, "the Service has no ports")];
  }
  return ports.flatMap((port) => {
    const number = Number(textOf(at(port, "port")));
    const text = textOf(at(port, "port")) ?? "";
    if (text.includes("$") || (Number.isInteger(number) && number >= 1 && number <= 65_535)) return [];
    return [refused(file, port.line, `port "${text}" of the Service cannot be used`)];
  });
}

/** Labels, annotations and environment values are texts; a bare true or 1 is refused. */
function valueFlaws(file: string, object: YamlNode): Flaw[] {
  const template = at(object, "spec", "template");
  const texts = [object, template].flatMap((part) =>
    ["labels", "annotations"].flatMap((name) => [...entriesOf(at(part, "metadata", name))]),
  );
  const env = itemsOf(at(podSpec(object), "containers"))
    .flatMap((container) => itemsOf(at(container, "env")))
    .flatMap((item) => [...entriesOf(item)].filter(([name]) => name === "value"));
  return [...texts, ...env].flatMap(([name, { line, value }]) =>
    value.kind === "scalar" && (typeof value.value === "number" || typeof value.value === "boolean")
      ? [refused(file, line, `${name} is ${value.text}, which is no text`, `put it in quotes: "${value.text}"`)]
      : [],
  );
}

function duplicateFlaws(file: string, objects: readonly YamlNode[]): Flaw[] {
  const seen = new Set<string>();
  return objects.flatMap((object) => {
    const part = (...names: string[]) => textOf(at(object, ...names)) ?? "";
    const name = part("metadata", "name");
    const key = [part("apiVersion"), part("kind"), part("metadata", "namespace"), name].join(" ");
    if (name === "") return [];
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [refused(file, object.line, `a second ${part("kind")} has the name ${name}`)];
  });
}
