import { nothingToDo, type Part } from "./plan.ts";
import type { Release } from "./release.ts";

/** What the web server does with a request: hands out files of a folder on the target, or passes it on to a port. */
export type Site =
  | { readonly kind: "files"; readonly folder: string }
  | { readonly kind: "proxy"; readonly port: number };

/**
 * A Caddy site block, in a file of the node's own that the Caddy of the target imports. The block stands between two
 * marks; what a person writes around them stays.
 *
 * @param existing the file as it is now
 */
export function caddySite(release: Release, domain: string, site: Site, existing: string | undefined): Part {
  const { app, target } = release;
  const path = caddyfilePath(app);
  const block = siteBlock(release, domain, site);
  const content = existing === undefined ? block : replaceBlock(app, existing, block);
  const rootUnknown =
    site.kind === "files" && !isPlainRoot(target.path)
      ? [
          `The absolute path of ${target.name}: the site block takes it from the variable SITE, which Caddy must be given.`,
        ]
      : [];
  if (content === undefined) {
    const kept = `How ${domain} is served: \`${path}\` was written by hand and was left as it is.`;
    return { ...nothingToDo, unknown: [kept] };
  }
  if (content === existing) return { ...nothingToDo, unknown: rootUnknown };
  return {
    ...nothingToDo,
    does: [`Serves ${domain} with the site block in \`${path}\`.`],
    files: { [path]: content },
    unknown: [...rootUnknown, `How Caddy runs on ${target.name}, and whether it imports \`${path}\` already.`],
    steps: [
      {
        phase: "switch",
        title: `Serve ${domain}`,
        risk: "medium",
        prose: `By hand, because it is not known how Caddy runs on ${target.name}: \`${path}\` in this node's folder is new or has changed. Let the Caddyfile of ${target.name} import it, ask \`caddy validate\` whether it can be read, then \`caddy reload\`. To go back, take the import out and reload.`,
      },
    ],
  };
}

export function caddyfilePath(app: string): string {
  return `services/${app}/Caddyfile`;
}

function marks(app: string): { begin: string; end: string } {
  return {
    begin: `# memomesh:begin ${app} (what stands up to the end mark is replaced)`,
    end: `# memomesh:end ${app}`,
  };
}

function siteBlock({ app, target }: Release, domain: string, site: Site): string {
  const { begin, end } = marks(app);
  const root = isPlainRoot(target.path) ? target.path.replace(/\/+$/, "") : "{$SITE}";
  const served =
    site.kind === "proxy"
      ? [`\treverse_proxy 127.0.0.1:${site.port}`]
      : [`\troot * ${root}/${site.folder}`, "\tfile_server"];
  return `${[begin, `${domain} {`, "\tencode zstd gzip", ...served, "}", end].join("\n")}\n`;
}

/** Only what a Caddyfile reads as one word. */
function isPlainRoot(path: string): boolean {
  return /^\/[A-Za-z0-9._/-]*$/.test(path);
}

function replaceBlock(app: string, existing: string, block: string): string | undefined {
  const { begin, end } = marks(app);
  const start = existing.indexOf(begin);
  const stop = existing.indexOf(end, start);
  if (start === -1 || stop === -1) return undefined;
  return existing.slice(0, start) + block.trimEnd() + existing.slice(stop + end.length);
}
