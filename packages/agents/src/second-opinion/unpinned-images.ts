import { isPinned } from "../offline/compose-service.ts";

/** Options of `run` and `create` that have no value behind them; any other one takes the next word. */
const flags = new Set([
  ...["-d", "--detach", "-i", "--interactive", "-t", "--tty", "-it", "-ti", "-dit", "-P", "--publish-all"],
  ...["--rm", "--init", "--privileged", "--read-only", "--no-healthcheck", "-q", "--quiet", "--sig-proxy"],
]);

const start = /\b(?:docker|podman|nerdctl)\s+(?:(?:container|image)\s+)?(pull|run|create)\s+([^\n;&|]*)/g;
const composed = /^\s*(?:-\s+)?image:[ \t]*["']?([^\s"'#]+)/gm;

/**
 * Images that a text names without saying exactly which: what runs then is whatever was pushed last. Only a hint: a name
 * that is put together from variables is not looked at.
 *
 * @param text shell text or a Compose file
 */
export function unpinnedImages(text: string): readonly string[] {
  const lines = text.replace(/\\\n/g, " ");
  const started = [...lines.matchAll(start)].map(([, verb = "", rest = ""]) =>
    imageAmong(words(rest), verb !== "pull"),
  );
  const named = [...text.matchAll(composed)].map(([, image]) => image);
  const images = [...started, ...named].filter(
    (image) => image !== undefined && !image.includes("$") && !isPinned(image),
  );
  return [...new Set(images)].filter((image) => image !== undefined);
}

/** The first word that is no option, and no option's value. */
function imageAmong(all: readonly string[], withValues: boolean): string | undefined {
  for (let index = 0; index < all.length; index += 1) {
    const word = all[index] ?? "";
    if (!word.startsWith("-")) return word;
    if (withValues && !word.includes("=") && !flags.has(word)) index += 1;
  }
  return undefined;
}

function words(text: string): readonly string[] {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/^["']|["']$/g, ""))
    .filter((word) => word !== "");
}
