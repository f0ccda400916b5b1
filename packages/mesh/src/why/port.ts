import type { Mesh } from "../load.ts";
import { nodeFiles } from "./node-files.ts";
import { holdsWord } from "./runbook.ts";
import type { Block } from "./service.ts";

const mostPlaces = 20;

/** The port that a text asks about: `8080`, `port 8080`, `:8080`; undefined when it asks about something else. */
export function portIn(reference: string): string | undefined {
  const port = /^(?:port\s+|:)?(\d{2,5})(?:\/(?:tcp|udp))?$/i.exec(reference.trim())?.[1];
  return port !== undefined && Number(port) <= 65_535 ? port : undefined;
}

/** The lines of the nodes' configuration that name a port. */
export async function findPort(mesh: Mesh, port: string): Promise<Block[]> {
  const found: Block[] = [];
  for await (const file of nodeFiles(mesh, isConfiguration)) {
    for (const [index, line] of file.lines.entries()) {
      if (!holdsWord(line, port) || /^\s*(?:#|\/\/)/.test(line)) continue;
      found.push({ file, from: index + 1, to: index + 1 });
      if (found.length === mostPlaces) return found;
    }
  }
  return found;
}

/** Where people write which port is used. A number in a program, a table or a lock file says nothing about that. */
function isConfiguration(name: string): boolean {
  return (
    (/\.(?:ya?ml|conf|cfg|ini|toml|json|env|service|socket|container|tf|hcl|rules|nft|sh|caddy|j2)$/i.test(name) ||
      /^(?:caddyfile|dockerfile|containerfile|procfile|makefile|\.env)\b/i.test(name)) &&
    !/lock/i.test(name)
  );
}
