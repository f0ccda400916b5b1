import type { YAMLMap } from "yaml";
import { isMap, isScalar, isSeq } from "yaml";

/** Images of programs that keep data, by the last part of their name. */
const dataImage =
  /(?:^|\/)(?:postgres|postgresql|postgis|timescaledb|mysql|mariadb|percona|mongo|mongodb|redis|valkey|keydb|memcached|elasticsearch|opensearch|cassandra|scylla|cockroach|couchdb|clickhouse|influxdb|neo4j|etcd|rabbitmq|nats|kafka)(?:-[a-z]+)?(?=[:@]|$)/;

/** Ports on which such programs listen. */
const dataPorts: ReadonlySet<number> = new Set([
  1433, 1521, 2379, 3306, 4222, 5432, 5672, 5984, 6379, 7687, 8086, 8123, 9042, 9092, 9200, 11211, 26257, 27017,
]);

export function isDataImage(image: string): boolean {
  return dataImage.test(image);
}

export function isDataPort(port: number): boolean {
  return dataPorts.has(port);
}

/** Whether an image says exactly what will run: a digest, or a tag that is not made to be moved. */
export function isPinned(image: string): boolean {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return true;
  const tag = /:([A-Za-z0-9_][A-Za-z0-9._-]*)$/.exec(image)?.[1];
  return tag !== undefined && tag !== "latest";
}

/**
 * Takes published ports away from a service that keeps data: other services reach it by its name, and nobody else should.
 *
 * @returns the ports that were taken away
 */
export function withoutDataPorts(service: YAMLMap): readonly number[] {
  const ports = service.get("ports");
  if (!isSeq(ports)) return [];
  const all = isDataImage(String(service.get("image") ?? ""));
  const taken: number[] = [];
  ports.items = ports.items.filter((item) => {
    const port = containerPort(item);
    if (port === undefined || !(all || isDataPort(port))) return true;
    taken.push(port);
    return false;
  });
  if (ports.items.length === 0) service.delete("ports");
  return taken;
}

/** Ports that a service offers on every address of the host. */
export function widePorts(service: YAMLMap): readonly string[] {
  const ports = service.get("ports");
  if (!isSeq(ports)) return [];
  return ports.items.flatMap((item) => {
    if (isMap(item)) return item.has("host_ip") ? [] : [String(item.get("published") ?? item.get("target"))];
    const text = isScalar(item) ? String(item.value) : "";
    return /^(?:127\.|\[::1\]|localhost:)/.test(text) ? [] : [text];
  });
}

/** The port inside of the container, of `8080`, `80:8080`, `127.0.0.1:80:8080/tcp` or `{ target: 8080 }`. */
function containerPort(item: unknown): number | undefined {
  const text = isMap(item) ? String(item.get("target")) : isScalar(item) ? String(item.value) : "";
  const found = /(\d+)(?:-\d+)?(?:\/[a-z]+)?$/.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** What a service gets when nobody said it. */
export const defaultLimits = { memory: "256M", cpus: 0.5 } as const;

/**
 * Sets the limits that are told; adds limits and a restart policy where the service has none.
 *
 * @param resolved the service as Compose sees it, merged parts included
 * @returns whether limits had to be assumed
 */
export function completeService(
  service: YAMLMap,
  resolved: Readonly<Record<string, unknown>>,
  told: { readonly memory?: string; readonly cpus?: number },
): boolean {
  const limits = (resolved as ServiceWithLimits).deploy?.resources?.limits;
  const hasMemory = limits?.memory !== undefined || resolved.mem_limit !== undefined;
  const hasCpus = limits?.cpus !== undefined || resolved.cpus !== undefined;
  const path = ["deploy", "resources", "limits"];
  if (told.memory !== undefined || !hasMemory) service.setIn([...path, "memory"], told.memory ?? defaultLimits.memory);
  // Compose wants the number of processors as text.
  if (told.cpus !== undefined || !hasCpus) service.setIn([...path, "cpus"], String(told.cpus ?? defaultLimits.cpus));
  if (resolved.restart === undefined) service.set("restart", "unless-stopped");
  return (told.memory === undefined && !hasMemory) || (told.cpus === undefined && !hasCpus);
}

interface ServiceWithLimits {
  readonly deploy?: {
    readonly resources?: { readonly limits?: { readonly memory?: unknown; readonly cpus?: unknown } };
  };
}
