import { type Artifact, type Deployment, MeshError } from "@memomesh/core";
import type { SessionContext } from "../agent.ts";
import { senderOf } from "../correspondence.ts";
import { quoted } from "../quote.ts";
import { pinnedImage } from "./compose-image.ts";
import { fits } from "./fitness.ts";
import type { Lack } from "./release.ts";

/** An artifact that is there. Paths are relative to the mesh's root and fit to stand in shell text. */
export type FoundArtifact =
  | { readonly kind: "static"; readonly path: string }
  | { readonly kind: "image"; readonly image: string; readonly assumed?: string }
  | { readonly kind: "compose"; readonly path: string; readonly source: string }
  | { readonly kind: "migration"; readonly path: string; readonly files: readonly string[] };

/** Looks for what a memo says was built, in the folder of the node that wrote it. */
export async function findArtifacts(
  context: SessionContext,
  { artifacts, version = "" }: Deployment,
): Promise<{ readonly found: readonly FoundArtifact[]; readonly lacks: readonly Lack[] }> {
  const results: (FoundArtifact | Lack)[] = [...tooMany(artifacts)];
  for (const artifact of artifacts) results.push(await find(context, artifact, version));
  return {
    found: results.filter((each): each is FoundArtifact => "kind" in each),
    lacks: results.filter((each): each is Lack => "sentence" in each),
  };
}

async function find(
  context: SessionContext,
  { kind, path, image }: Artifact,
  version: string,
): Promise<FoundArtifact | Lack> {
  if (kind === "image") {
    if (image === undefined)
      return lack("The memo does not say which image; expected one such as `registry.example.com/shop:1.4.2`.");
    const pinned = pinnedImage(image, version);
    return typeof pinned === "string" ? lack(pinned) : { kind, ...pinned };
  }
  if (path === undefined)
    return lack(`The memo does not say where the ${kind} artifact lies; expected a path such as \`dist\`.`);
  const inside = path.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");
  if (!fits("path", inside))
    return lack(`The path ${quoted(path)} cannot be used; expected one below the project's folder, such as \`dist\`.`);
  const place = locate(context, inside);
  if (place === undefined) {
    return lack(
      `The path ${quoted(inside)} lies in no node's folder; expected one such as \`${context.nodes[0]?.path ?? "projects/developer"}/dist\`.`,
    );
  }
  try {
    return await read(context, kind, place, inside);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    const why = `I cannot read the artifact ${quoted(inside)} of ${senderOf(context.memo)}: ${error.sentence.replace(/\.$/, "")}.`;
    return { sentence: `${why} Does \`grants.read\` in my node.yml have to name it?`, whom: "operator" };
  }
}

async function read(
  { files }: SessionContext,
  kind: Exclude<Artifact["kind"], "image">,
  place: string,
  inside: string,
): Promise<FoundArtifact | Lack> {
  if (!(await files.exists(place))) return lack(`The artifact ${quoted(inside)} is not there.`);
  const path = files.meshPath(place);
  if (!fits("meshPath", path)) {
    return {
      sentence: `The artifact lies at ${quoted(path)}, which a runbook cannot name: expected a path of plain letters, digits and dashes.`,
      whom: "operator",
    };
  }
  if (kind === "compose") {
    const source = await files.read(place);
    return source === undefined
      ? lack(`The artifact ${quoted(inside)} is no file; expected a Compose file.`)
      : { kind, path, source };
  }
  const below = await files.list(place);
  if (below.length === 0)
    return lack(`The artifact ${quoted(inside)} holds no files; expected a folder with what was built.`);
  return kind === "static" ? { kind, path } : { kind, path, files: below };
}

/** A path as the session's files name it: in the sender's folder, or from the mesh's root in the folder of a node. */
function locate({ memo, node, nodes }: SessionContext, path: string): string | undefined {
  const owner = [node, ...nodes]
    .filter((each) => each.path !== "." && path.startsWith(`${each.path}/`))
    .sort((a, b) => b.path.length - a.path.length)[0];
  if (owner !== undefined) {
    const rest = path.slice(owner.path.length + 1);
    return owner.id === node.id ? rest : `${owner.id}:${rest}`;
  }
  const sender = senderOf(memo);
  if (sender === "operator") return undefined;
  return sender === node.id ? path : `${sender}:${path}`;
}

function tooMany(artifacts: readonly Artifact[]): Lack[] {
  const count = (...kinds: readonly string[]) => artifacts.filter(({ kind }) => kinds.includes(kind)).length;
  const problems = [
    ...(count("static") > 1 ? ["more than one static artifact"] : []),
    ...(count("image", "compose") > 1 ? ["more than one image or Compose file"] : []),
    ...(count("migration") > 1 ? ["more than one folder of migrations"] : []),
  ];
  return problems.map((problem) =>
    lack(`The memo names ${problem} for one app; expected one, and another memo for another app.`),
  );
}

function lack(sentence: string): Lack {
  return { field: "artifact", sentence, whom: "sender" };
}
