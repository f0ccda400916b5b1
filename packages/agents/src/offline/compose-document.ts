import { type Document, isMap, parseDocument, type YAMLMap } from "yaml";

/** A Compose file that can be edited without losing its comments and layout. */
export interface ComposeDocument {
  readonly document: Document;
  /** The services by name, as written. */
  readonly services: ReadonlyMap<string, YAMLMap>;
  /** The services as Compose sees them: aliases and merged parts put in. */
  readonly resolved: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Which release a file is for: two releases never have the same file, even when they run the same images. */
export const releaseKey = "x-release";

const name = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** @returns a reason when the text is no Compose file that can be used */
export function readCompose(source: string): ComposeDocument | string {
  const document = parseDocument(source, { merge: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) return (problem.message.split("\n", 1)[0] ?? "it is no YAML").replace(/:$/, "");
  const map: unknown = document.get("services");
  if (!isMap(map) || map.items.length === 0) return "it has no services";
  const services = new Map<string, YAMLMap>();
  for (const { key, value } of map.items) {
    if (!name.test(String(key))) return "a service has a name that cannot be used";
    if (!isMap(value)) return `the service ${String(key)} is no list of settings of its own`;
    services.set(String(key), value);
  }
  try {
    const { services: resolved } = document.toJS({ maxAliasCount: 100 }) as { services: ComposeDocument["resolved"] };
    return { document, services, resolved };
  } catch {
    return "its aliases multiply too often";
  }
}

export function printCompose(document: Document): string {
  return document.toString({ lineWidth: 0 });
}
