import { cost, type Flaw } from "../finding.ts";
import type { Material, ReadFile } from "../material.ts";
import { at, entriesOf, itemsOf, textOf, type YamlNode } from "../yaml/node.ts";
import { bytesText, composeBytes, quantity } from "./amount.ts";
import { diskAt, hasWhere, type Knowledge, knownBy } from "./knowledge.ts";

/** Where container engines keep images and volumes, unless somebody says otherwise. */
export const images = "/var/lib/docker";

/** Room on a disk that something asks for by a number. */
export interface StorageNeed {
  /** For people: "volume claim data". */
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** Bytes of each. */
  readonly bytes: number;
  readonly count: number;
  /** Who gives it: a storage class of a cluster ("": the cluster's default), or the disk of a folder. */
  readonly from: { readonly class: string } | { readonly folder: string };
}

/** The room that volume claims, volumes and services ask for. What says no size is not here. */
export function storageNeeds({ files }: Material): readonly StorageNeed[] {
  return files.flatMap((file) => {
    if (file.kind === "compose") return composeStorage(file);
    return file.kind === "kubernetes" ? file.documents.flatMap((document) => clusterStorage(document, file.path)) : [];
  });
}

function clusterStorage(document: YamlNode, file: string): StorageNeed[] {
  const kind = textOf(at(document, "kind")) ?? "";
  const name = textOf(at(document, "metadata", "name")) ?? "without a name";
  switch (kind) {
    case "PersistentVolumeClaim":
      return claim(document, `volume claim ${name}`, 1, file);
    case "StatefulSet": {
      const replicas = Number(textOf(at(document, "spec", "replicas")) ?? 1);
      return itemsOf(at(document, "spec", "volumeClaimTemplates")).flatMap((template) => {
        const own = textOf(at(template, "metadata", "name")) ?? "without a name";
        return claim(
          template,
          `volume claim ${own} of StatefulSet ${name}`,
          Number.isInteger(replicas) ? replicas : 1,
          file,
        );
      });
    }
    case "PersistentVolume": {
      const size = at(document, "spec", "capacity", "storage");
      const folder = textOf(at(document, "spec", "hostPath", "path") ?? at(document, "spec", "local", "path"));
      return folder === undefined
        ? []
        : need(size, quantity, { name: `volume ${name}`, file, count: 1, from: { folder } });
    }
    default:
      return [];
  }
}

function claim(object: YamlNode, name: string, count: number, file: string): StorageNeed[] {
  // A claim on a volume that is named takes no new room.
  if (textOf(at(object, "spec", "volumeName")) !== undefined) return [];
  const storageClass = textOf(at(object, "spec", "storageClassName")) ?? "";
  const size = at(object, "spec", "resources", "requests", "storage");
  return need(size, quantity, { name, file, count, from: { class: storageClass } });
}

function composeStorage({ documents: [document], path: file }: ReadFile): StorageNeed[] {
  const from = { folder: images };
  const volumes = [...entriesOf(at(document, "volumes"))].flatMap(([name, { value }]) => {
    const options = at(value, "driver_opts");
    // One in memory takes memory.
    if (textOf(at(options, "type")) === "tmpfs") return [];
    const size = at(options, "size") ?? at(options, "o");
    const bytes = (text: string | undefined) => composeBytes(text?.replace(/^(?:.*,)?size=([^,]+).*$/, "$1"));
    return need(size, bytes, { name: `volume ${name}`, file, count: 1, from });
  });
  const services = [...entriesOf(at(document, "services"))].flatMap(([name, { value }]) =>
    need(at(value, "storage_opt", "size"), composeBytes, { name: `service ${name}`, file, count: 1, from }),
  );
  return [...volumes, ...services];
}

function need(
  size: YamlNode | undefined,
  read: (text: string | undefined) => number | undefined,
  about: Omit<StorageNeed, "bytes" | "line">,
): StorageNeed[] {
  const bytes = read(textOf(size));
  return size === undefined || bytes === undefined ? [] : [{ ...about, line: size.line, bytes }];
}

/** Does it fit? What a storage class has is told by its own fact; where volumes are folders of a node, by the disks. */
export function storageFlaws(needs: readonly StorageNeed[], knowledge: Knowledge): readonly Flaw[] {
  const byClass = Map.groupBy(needs, ({ from }) => ("class" in from ? from.class : undefined));
  return [...byClass].flatMap(([name, each]) =>
    name === undefined ? folderFlaws(each, knowledge) : classFlaws(name, each, knowledge),
  );
}

/** Classes that put volumes into folders of a node, and where. */
const foldersOfNodes = /^(?:local-path|.*host-?path)$/;
const nodeFolder = "/var/lib/rancher/k3s/storage";

function classFlaws(name: string, claims: readonly StorageNeed[], knowledge: Knowledge): readonly Flaw[] {
  const told = knowledge.facts("storage", knowledge.target).fresh.flatMap((fact) => {
    const found = fact.figures.storage?.find((each) => each.class === name);
    return found === undefined ? [] : [{ fact, found }];
  });
  const [best] = told.toSorted((a, b) => b.found.free - a.found.free);
  if (best !== undefined) {
    knowledge.compared += 1;
    const { fact, found } = best;
    const has = `class ${name} has ${bytesText(found.free)} free, at most ${bytesText(found.largest)} for a volume (${knownBy(fact)})`;
    return roomFlaws(claims, { largest: found.largest, all: found.free }, has, cost.notable);
  }
  if (!foldersOfNodes.test(name)) {
    const what = name === "" ? "volume claims of the default class" : `volume claims of class ${name}`;
    knowledge.miss("storage", what, knowledge.target, undefined);
    return [];
  }
  const disks = knowledge.target === undefined ? [] : knowledge.facts("disks", knowledge.target).fresh;
  if (disks.length > 0)
    return folderFlaws(
      claims.map((each) => ({ ...each, from: { folder: nodeFolder } })),
      knowledge,
    );
  const [cluster] = knowledge.ask("nodes", `volume claims of class ${name}`);
  const nodes = (cluster?.figures.nodes ?? []).filter(({ disk }) => disk !== undefined);
  if (cluster === undefined || nodes.length === 0) return [];
  const largest = Math.max(...nodes.map(({ disk = 0 }) => disk));
  const all = nodes.reduce((sum, { count, disk = 0 }) => sum + count * disk, 0);
  const has = `its nodes have ${bytesText(all)} of disk, at most ${bytesText(largest)} each (${knownBy(cluster)})`;
  return roomFlaws(claims, { largest, all }, has, cost.serious);
}

/** @param beyond what it costs when all of them together are too much; one that is too large by itself is serious */
function roomFlaws(
  claims: readonly StorageNeed[],
  { largest, all }: { readonly largest: number; readonly all: number },
  has: string,
  beyond: number,
): readonly Flaw[] {
  const tooLarge = claims.filter(({ bytes }) => bytes > largest);
  if (tooLarge.length > 0) {
    return tooLarge.map(({ file, line, name, bytes }) => ({
      ...{ file, line, cost: cost.serious, fix: "ask for less, or it stays Pending" },
      text: `${name} asks for ${bytesText(bytes)}, and ${has}`,
    }));
  }
  const asked = sumOf(claims);
  const [dearest] = claims.toSorted((a, b) => b.bytes * b.count - a.bytes * a.count);
  if (dearest === undefined || asked <= all) return [];
  const { file, line } = dearest;
  const text = `${whoOf(claims)} for ${bytesText(asked)}, and ${has}`;
  return [{ file, line, text, cost: beyond, fix: "ask for less" }];
}

function folderFlaws(needs: readonly StorageNeed[], knowledge: Knowledge): readonly Flaw[] {
  if (needs.length === 0) return [];
  return knowledge.ask("disks", "room for volumes").flatMap((fact) => {
    const onDisks = Map.groupBy(needs, ({ from }) => ("folder" in from ? diskAt(fact, from.folder) : undefined));
    return [...onDisks].flatMap(([disk, each]): Flaw[] => {
      const asked = sumOf(each);
      const [dearest] = each.toSorted((a, b) => b.bytes * b.count - a.bytes * a.count);
      if (disk === undefined || dearest === undefined || asked <= disk.free) return [];
      const has = `${disk.mount} of ${hasWhere(fact)} has ${bytesText(disk.free)} free of ${bytesText(disk.total)} (${knownBy(fact)})`;
      const { file, line } = dearest;
      const text = `${whoOf(each)} for ${bytesText(asked)}, and ${has}`;
      return [
        {
          file,
          line,
          text,
          cost: asked > disk.total ? cost.serious : cost.notable,
          fix: "ask for less, or make room first",
        },
      ];
    });
  });
}

function sumOf(needs: readonly StorageNeed[]): number {
  return needs.reduce((sum, { bytes, count }) => sum + bytes * count, 0);
}

function whoOf(needs: readonly StorageNeed[]): string {
  const [only, ...others] = needs;
  if (only === undefined || others.length > 0) return `${needs.length} volumes together ask`;
  return only.count === 1 ? `${only.name} asks` : `${only.name}, ${only.count} times, asks`;
}
