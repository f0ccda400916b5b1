import type { Flaw } from "../finding.ts";
import { at, itemsOf, type MapEntry, textOf, type YamlNode } from "../yaml/node.ts";
import { formFlaws, refusal } from "./compose-form.ts";
import { longPort } from "./compose-keys.ts";

/** Ports that cannot be read, and ports of the host that two services want. */
export function portFlaws(file: string, services: ReadonlyMap<string, MapEntry>): Flaw[] {
  const taken = new Map<string, string>();
  return [...services].flatMap(([name, { value }]) => {
    const where = `the service ${name}`;
    return itemsOf(at(value, "ports")).flatMap((item): Flaw[] => {
      const port = readPort(item);
      if (port === "unknown") return [];
      if (port === undefined) {
        const text = item.kind === "scalar" ? `"${item.text}"` : "written here";
        return [
          refusal(
            file,
            item.line,
            `the port ${text} of ${where} cannot be read; expected "8080:80" or "127.0.0.1:8080:80"`,
          ),
        ];
      }
      const shape = item.kind === "map" ? formFlaws(file, `a port of ${where}`, item, longPort) : [];
      return [...shape, ...claim(port, item.line)];
    });

    function claim({ published, address, protocol }: Port, line: number): Flaw[] {
      if (published === undefined) return [];
      const key = `${address}:${published}/${protocol}`;
      const owner = taken.get(key);
      taken.set(key, name);
      if (owner === undefined) return [];
      return [
        refusal(
          file,
          line,
          `port ${published} of the host is wanted by ${owner === name ? `${name} twice` : `${owner} and ${name}`}`,
        ),
      ];
    }
  });
}

interface Port {
  /** On the host; absent when Docker chooses it. */
  readonly published?: string;
  readonly address: string;
  readonly protocol: string;
}

const range = /^(\d{1,5})(?:-(\d{1,5}))?$/;

/** @returns undefined when it cannot be read, "unknown" when a variable decides */
function readPort(item: YamlNode): Port | "unknown" | undefined {
  if (item.kind === "map") return readLongPort(item);
  const text = textOf(item) ?? "";
  if (text.includes("$")) return "unknown";
  const [, spec = "", protocol = "tcp"] = /^(.*?)(?:\/(tcp|udp|sctp))?$/.exec(text) ?? [];
  const found = /^(?:(\[[0-9a-f:]+\]|\d+(?:\.\d+){3}|localhost):)?(?:([\d-]*):)?([\d-]+)$/i.exec(spec);
  if (found === null) return undefined;
  const [, address = "0.0.0.0", published, target = ""] = found;
  const host = published === "" ? undefined : published;
  if (!isRange(target) || (host !== undefined && !isRange(host))) return undefined;
  return { ...(host === undefined ? {} : { published: host }), address, protocol };
}

function readLongPort(item: YamlNode): Port | "unknown" | undefined {
  const target = textOf(at(item, "target"));
  const published = textOf(at(item, "published"));
  if (`${target}${published}`.includes("$")) return "unknown";
  if (target === undefined || !isRange(target) || (published !== undefined && !isRange(published))) return undefined;
  const address = textOf(at(item, "host_ip")) ?? "0.0.0.0";
  const protocol = textOf(at(item, "protocol")) ?? "tcp";
  return { ...(published === undefined ? {} : { published }), address, protocol };
}

function isRange(text: string): boolean {
  const [, from, to = from] = range.exec(text) ?? [];
  return from !== undefined && Number(from) >= 1 && Number(to) <= 65_535 && Number(from) <= Number(to);
}
