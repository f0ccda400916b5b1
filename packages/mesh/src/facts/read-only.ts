import { classifyCommand, type OwnPrograms } from "@memomesh/guard";
import { onlyLooks, whyNot } from "@memomesh/runbooks";

const asks = (reason: string) => ({ risk: "low", effects: ["network"], does: "asks", lower: { reason } }) as const;
const live = { risk: "high", effects: ["live-infrastructure"] } as const;
const looks = asks("it only asks what is there; a person has accepted this collector");

/**
 * For agents these programs are live infrastructure, whatever they do there. A collector is accepted by a person, byte by
 * byte, and may ask what is there; nothing else.
 */
const asking: OwnPrograms = {
  kubectl: { ...live, commands: { get: looks, top: looks, version: looks, "api-resources": looks } },
  docker: { ...live, commands: { ps: looks, images: looks, info: looks, version: looks } },
  podman: { ...live, commands: { ps: looks, images: looks, info: looks, version: looks } },
};

/**
 * Why the guard does not take a collector's command for one that only looks; undefined when it does.
 *
 * @param own what mesh.yml says about programs; it has the last word where it lowers nothing
 */
export function notReadOnly(command: string, own: OwnPrograms = {}): string | undefined {
  if (/secret/i.test(command)) return "it speaks of secrets, and facts are told to every agent";
  const found = classifyCommand(command, { ...asking, ...own });
  return onlyLooks(found) ? undefined : whyNot(found);
}
