import type { Flaw } from "../finding.ts";
import type { ReadFile } from "../material.ts";
import { refusedIn, unbalanced } from "./blocks.ts";

/** What nginx would refuse: braces without partners, and directives that do not end. */
export function nginxFlaws({ path, text, lines }: ReadFile): Flaw[] {
  const refused = refusedIn(path);
  // nginx takes ${name} for a variable and regular expressions may count with braces.
  const brace = unbalanced(text.replace(/\$\{\w+\}|\{\d+(?:,\d*)?\}/g, (part) => "_".repeat(part.length)));
  if (brace !== undefined) return [refused(brace.line, brace.text)];
  if (/\b[a-z_]+_by_lua_block\b/.test(text)) return [];
  const flaws: Flaw[] = [];
  let open: { readonly line: number; readonly word: string } | undefined;
  for (const [index, raw] of lines.entries()) {
    const line = raw.replace(/(^|\s)#.*$/, "").trim();
    if (line === "") continue;
    const word = /^[a-z_]+(?=\s|;|$)/.exec(line)?.[0];
    // A directive may go on over several lines; one that begins with another directive's name has been forgotten.
    if (open !== undefined && (line.startsWith("}") || (word !== undefined && common.has(word)))) {
      flaws.push(refused(open.line, `${open.word} has no ; at its end`, "add ;"));
      open = undefined;
    }
    if (/[;{}]["']?$/.test(line)) open = undefined;
    else open ??= { line: index + 1, word: word ?? line.split(/\s/, 1)[0] ?? "" };
  }
  if (open !== undefined) flaws.push(refused(open.line, `${open.word} has no ; at its end`, "add ;"));
  return flaws;
}

/** Directives that never stand inside of another one's arguments. */
const common = new Set(
  "listen server_name root index location server upstream proxy_pass proxy_set_header proxy_http_version return rewrite try_files access_log error_log include add_header client_max_body_size keepalive_timeout ssl_certificate ssl_certificate_key ssl_protocols gzip worker_processes worker_connections events http default_type sendfile".split(
    " ",
  ),
);
