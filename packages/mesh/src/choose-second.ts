import { opinionSource, vendorOf, whyNotAsked } from "@memomesh/agents";
import type { MeshConfig } from "@memomesh/core";

/**
 * The agent of mesh.yml that looks at what another one has written. Pure.
 *
 * The one that mesh.yml names, unless it is the author itself; else the first one of another vendor: a model before a
 * program, which takes longer to say the same. What is sensitive goes to agents marked `local` only. The offline opinion remains when there is no such agent.
 *
 * @param author name of the agent whose work is looked at
 * @returns a name, which mesh.yml may not have when a person has mistyped it; undefined: the offline opinion
 */
export function chooseSecond(
  { agents, secondOpinion }: Pick<MeshConfig, "agents" | "secondOpinion">,
  author: string,
  sensitive: boolean,
): string | undefined {
  const { agent: wanted } = secondOpinion;
  const allowed = (name: string) => !sensitive || agents[name]?.local === true;
  if (wanted !== undefined && wanted !== author && (agents[wanted] === undefined || allowed(wanted))) return wanted;
  const first = agents[author];
  const vendor = first === undefined ? undefined : vendorOf(first);
  const others = Object.entries(agents).filter(
    ([name, config]) =>
      name !== author && allowed(name) && whyNotAsked(config) === undefined && vendorOf(config) !== vendor,
  );
  return (others.find(([, config]) => opinionSource(config) === "model") ?? others[0])?.[0];
}

/**
 * Tells whoever watches that the fixed checks take the place of a second agent, and which agents might have been expected
 * to be asked. Pure.
 */
export function checksOnly({ agents }: Pick<MeshConfig, "agents">, author: string): string {
  const silent = Object.entries(agents).flatMap(([name, config]) => {
    const why = config.provider === "offline" || name === author ? undefined : whyNotAsked(config);
    return why === undefined ? [] : [`${name} is not asked: ${why}`];
  });
  return ["checks the runbook once more", ...silent].join("; ");
}
