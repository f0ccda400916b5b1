import type { Flaw } from "../finding.ts";
import type { ReadFile } from "../material.ts";
import { refusedIn, unbalanced } from "./blocks.ts";
import { nearest } from "./wording.ts";

/** Directives that Caddy 2 brings along; plugins have more. */
const directives = new Set(
  "abort acme_server basic_auth basicauth bind encode error file_server forward_auth fs handle handle_errors handle_path header import intercept invoke log log_append log_name log_skip map method metrics php_fastcgi push redir request_body request_header respond reverse_proxy rewrite root route skip_log templates tls tracing try_files uri vars".split(
    " ",
  ),
);

/** What Caddy's adapter would refuse: braces without partners, misspelled directives, two sites with one address. */
export function caddyfileFlaws({ path, text, lines }: ReadFile): Flaw[] {
  const refused = refusedIn(path);
  const brace = unbalanced(text.replace(/\{\$?[\w.:/-]*\}/g, (placeholder) => "_".repeat(placeholder.length)));
  if (brace !== undefined) return [refused(brace.line, brace.text)];
  const flaws: Flaw[] = [];
  const sites = new Map<string, number>();
  let depth = 0;
  let inSite = false;
  for (const [index, raw] of lines.entries()) {
    const line = raw.replace(/(^|\s)#.*$/, "").trim();
    const opens = /\{$/.test(line) && !/\{[\w$.]*\}$/.test(line);
    const [word = ""] = line.split(/\s+/);
    if (depth === 0 && line !== "" && opens) {
      inSite = !/^(?:\{|\(|&\()/.test(line);
      for (const address of inSite
        ? line
            .slice(0, -1)
            .trim()
            .split(/[\s,]+/)
        : []) {
        const before = sites.get(address);
        if (before !== undefined) flaws.push(refused(index + 1, `${address} has a site on line ${before} already`));
        sites.set(address, index + 1);
      }
    } else if (depth === 1 && inSite && /^[a-z_]+$/.test(word) && !directives.has(word)) {
      // A plugin may know it; what is nearly a directive is a slip.
      const near = nearest(word, directives);
      if (near !== undefined) flaws.push(refused(index + 1, `${word} is no directive`, `did you mean ${near}?`));
    }
    if (line === "}") depth = Math.max(0, depth - 1);
    else if (opens) depth += 1;
  }
  return flaws;
}
