import type { Deployment } from "@memomesh/core";
import type { SessionContext } from "../agent.ts";
import { readCompose } from "./compose-document.ts";
import { composeRollback } from "./compose-rollback.ts";
import { composePath } from "./deployment-parts.ts";
import { nothingToDo, type Part } from "./plan.ts";
import type { Release } from "./release.ts";
import { staticRollback } from "./static-rollback.ts";
import { verification } from "./verification.ts";

/**
 * The way back to the previous release: of containers when this node holds a Compose file of the app, otherwise of a
 * static site. What the memo says it is wins.
 */
export async function rollbackParts(context: SessionContext, release: Release, facts: Deployment): Promise<Part[]> {
  const source = await context.files.read(composePath(release.app));
  const compose = source === undefined ? undefined : readCompose(source);
  const services = typeof compose === "object" ? [...compose.services.keys()] : [release.app];
  const told = facts.artifacts.map(({ kind }) => kind);
  const inContainers =
    told.includes("image") || told.includes("compose") || (source !== undefined && !told.includes("static"));
  const part = inContainers ? composeRollback(release, services) : staticRollback(release);
  const checked =
    facts.verify.length === 0
      ? nothingToDo
      : verification(release, inContainers ? release.app : `${release.app}/current`);
  const version =
    release.version === ""
      ? []
      : [
          `Whether version ${release.version} is the one to leave or the one to return to: the runbook returns to the previous release, whichever that is.`,
        ];
  return [{ ...part, unknown: [...version, ...part.unknown] }, checked];
}
