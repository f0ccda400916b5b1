import type { SessionContext } from "../agent.ts";
import { quoted, quotedList } from "../quote.ts";
import type { FoundArtifact } from "./artifact.ts";
import { caddyfilePath, caddySite } from "./caddy.ts";
import { adoptCompose } from "./compose-adopt.ts";
import { type Composed, composeForImage } from "./compose-image.ts";
import { containers } from "./containers.ts";
import { envExample, envIgnore, envPaths } from "./env-file.ts";
import { fits } from "./fitness.ts";
import { migrations } from "./migrations.ts";
import { nothingToDo, type Part } from "./plan.ts";
import type { Lack, Release } from "./release.ts";
import { staticSite } from "./static-site.ts";
import { verification } from "./verification.ts";

/** What keeps a release from being planned. */
export interface Hindered {
  readonly lacks: readonly Lack[];
}

/** The parts of a release: one for each artifact, and those that surround them. */
export async function deploymentParts(
  context: SessionContext,
  release: Release,
  artifacts: readonly FoundArtifact[],
): Promise<Part[] | Hindered> {
  const { app, name } = release;
  const parts: Part[] = [];
  for (const artifact of artifacts) {
    if (artifact.kind === "static") parts.push(staticSite(release, artifact.path));
    else if (artifact.kind === "migration") parts.push(migrations(release, artifact.path, artifact.files));
    else {
      const part = await containerPart(context, release, artifact);
      if ("lacks" in part) return part;
      parts.push(part);
    }
    context.signal.throwIfAborted();
  }
  const files = artifacts.some(({ kind }) => kind === "static");
  const runs = artifacts.some(({ kind }) => kind === "image" || kind === "compose");
  parts.push(await sitePart(context, release, files), surroundings(release, runs));
  if (files) parts.push(verification(release, `${app}/current`, `${app}/releases/${name}`));
  else parts.push(verification(release, runs ? app : "."));
  for (const path of parts.flatMap((part) => Object.keys(part.files))) await context.files.read(path);
  return parts;
}

async function containerPart(
  context: SessionContext,
  release: Release,
  artifact: FoundArtifact & { readonly kind: "image" | "compose" },
): Promise<Part | Hindered> {
  const { app } = release;
  const path = composePath(app);
  const meshPath = context.files.meshPath(path);
  if (!fits("path", meshPath)) {
    const sentence = `My folder lies at ${quoted(meshPath)}, which a runbook cannot name: expected a path inside of the mesh.`;
    return { lacks: [{ sentence, whom: "operator" }] };
  }
  const existing = await context.files.read(path);
  const composed =
    artifact.kind === "image"
      ? composeForImage(release, artifact.image, existing)
      : adoptCompose(release, artifact.source, artifact.path);
  if (typeof composed === "string") return { lacks: [{ sentence: composed, whom: "operator" }] };
  if (!isComposed(composed))
    return { lacks: composed.map((sentence): Lack => ({ field: "artifact", sentence, whom: "sender" })) };
  const part = containers(release, composed, meshPath);
  return {
    ...part,
    files: { ...part.files, [path]: composed.source, ...(await envFiles(context, release)) },
    unknown: [...("assumed" in artifact && artifact.assumed !== undefined ? [artifact.assumed] : []), ...part.unknown],
  };
}

export function composePath(app: string): string {
  return `services/${app}/compose.yaml`;
}

function isComposed(composed: Composed | readonly string[]): composed is Composed {
  return !Array.isArray(composed);
}

async function envFiles({ files }: SessionContext, { app, env }: Release): Promise<Record<string, string>> {
  if (env.length === 0) return {};
  const { example, ignore } = envPaths(app);
  return {
    [example]: envExample(app, env, await files.read(example)),
    [ignore]: envIgnore(app, await files.read(ignore)),
  };
}

async function sitePart({ files }: SessionContext, release: Release, isStatic: boolean): Promise<Part> {
  const { app, domain, port } = release;
  if (domain === undefined) return nothingToDo;
  const existing = await files.read(caddyfilePath(app));
  if (isStatic) return caddySite(release, domain, { kind: "files", folder: `${app}/current` }, existing);
  if (port !== undefined) return caddySite(release, domain, { kind: "proxy", port }, existing);
  return {
    ...nothingToDo,
    unknown: [`Which port ${domain} leads to: the memo does not say it, so there is no site block.`],
  };
}

/** What the memo names and the runbook does not look after. */
function surroundings({ app, env, needs }: Release, runs: boolean): Part {
  return {
    ...nothingToDo,
    unknown: [
      ...needs.map(
        (need) =>
          `Where ${quoted(need)} runs, in which version, and whether ${app} can reach it: the memo only says that it is needed.`,
      ),
      ...(env.length > 0 && !runs
        ? [`What reads ${quotedList(env)}: nothing that this runbook puts in place has an environment.`]
        : []),
    ],
  };
}
