import type { AlikeNodes } from "@memomesh/core";
import { cost, type Flaw } from "../finding.ts";
import { bytesText } from "./amount.ts";
import type { PodNeed } from "./needs.ts";

/**
 * Why the pods of a workload will not all find a node among these.
 *
 * @param known the fact that tells of the nodes, for a person
 */
export function podFlaws(pod: PodNeed, nodes: readonly AlikeNodes[], known: string): readonly Flaw[] {
  const { name, architectures, anywhere, lines } = pod;
  const there = [...new Set(nodes.map(({ architecture }) => architecture))];
  const had = there.map((each) => `${countOf(nodes.filter((node) => node.architecture === each))} of ${each}`);
  const chosen = nodes.filter(({ architecture }) => architectures.length === 0 || architectures.includes(architecture));
  if (chosen.length === 0) {
    const text = `${name} chooses nodes of ${architectures.join(" or ")}, and the cluster has ${had.join(", ")} (${known})`;
    const fix = `choose ${there.join(" or ")}, with an image that is built for it`;
    return [{ ...placeOf(pod, lines.architecture), text, cost: cost.serious, fix }];
  }
  const open = architectures.length === 0 && !anywhere && there.length > 1;
  const unsaid = {
    ...placeOf(pod),
    text: `${name} does not say on which architecture it runs, and the cluster has nodes ${had.join(", ")} (${known})`,
    cost: cost.notable,
    fix: 'add `nodeSelector: { kubernetes.io/arch: … }`, or say `memomesh.dev/multi-arch: "true"` when the image is there for all',
  };
  return [...(open ? [unsaid] : []), ...roomFlaws(pod, chosen, known)];
}

/** One thing of which a pod takes some and a node has some. */
interface Share {
  readonly asked: number;
  readonly line: number | undefined;
  of(node: AlikeNodes): number;
  text(amount: number): string;
}

function roomFlaws(pod: PodNeed, nodes: readonly AlikeNodes[], known: string): readonly Flaw[] {
  const shares = sharesOf(pod);
  if (shares.length === 0) return [];
  const tooLarge = shares.flatMap((share): Flaw[] => {
    const most = Math.max(...nodes.map((node) => share.of(node)));
    if (share.asked <= most) return [];
    const text = `a pod of ${pod.name} asks for ${share.text(share.asked)}, and no node can give more than ${share.text(most)} (${known})`;
    return [{ ...placeOf(pod, share.line), text, cost: cost.serious, fix: "ask for less, or it stays Pending" }];
  });
  if (tooLarge.length > 0) return tooLarge;
  const room = nodes.reduce(
    (sum, node) => sum + node.count * Math.min(...shares.map((share) => Math.floor(share.of(node) / share.asked))),
    0,
  );
  const asked = shares.map((share) => share.text(share.asked)).join(" and ");
  if (room >= (pod.replicas ?? 1)) return [];
  const text = `${pod.replicas ?? 1} pods of ${pod.name} ask for ${asked} each, and the nodes have room for ${room} even when they are empty (${known})`;
  return [{ ...placeOf(pod), text, cost: cost.serious, fix: "ask for less, or for fewer pods" }];
}

function sharesOf({ memory = 0, cpus = 0, disk = 0, devices, lines }: PodNeed): readonly Share[] {
  const share = (asked: number, line: number | undefined, of: Share["of"], text: Share["text"]): Share[] =>
    asked > 0 ? [{ asked, line, of, text }] : [];
  return [
    ...share(
      memory,
      lines.memory,
      (node) => node.memory,
      (amount) => `${bytesText(amount)} of memory`,
    ),
    ...share(
      cpus,
      undefined,
      (node) => node.cpus,
      (amount) => `${amount} processors`,
    ),
    // A node that does not tell its disk is not held against it.
    ...share(
      disk,
      undefined,
      (node) => node.disk ?? Number.POSITIVE_INFINITY,
      (amount) => `${bytesText(amount)} of disk`,
    ),
    ...Object.entries(devices).flatMap(([name, asked]) =>
      share(
        asked,
        lines.gpus,
        (node) => node.devices[name] ?? 0,
        (amount) => `${amount} ${name}`,
      ),
    ),
  ];
}

function countOf(nodes: readonly AlikeNodes[]): number {
  return nodes.reduce((sum, { count }) => sum + count, 0);
}

function placeOf({ file, line }: PodNeed, own = line): Pick<Flaw, "file" | "line"> {
  return own === undefined ? { file } : { file, line: own };
}
