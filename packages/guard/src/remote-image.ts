import type { Place } from "./classification.ts";

const label = String.raw`((?:[^[\]]|\[[^[\]]{0,500}\]){0,1000})`;
const inline = new RegExp(String.raw`(?<!\\)!\[${label}\]\(\s{0,100}<?([^\s()<>]{1,2000})[^()]{0,1000}\)?`, "g");
const byName = new RegExp(String.raw`(?<!\\)!\[${label}\](?!\()(?:\[([^[\]]{0,1000})\])?`, "g");
const defined = /^ {0,3}\[([^[\]\n]{1,1000})\]:\s{0,100}<?([^\s<>]{1,2000})/gm;
const element =
  /<(?:img|image|feimage|use|video|audio|source|track|embed|input|link)\s[^<>]{0,1000}?\b(?:src|srcset|poster|href)\s{0,9}=\s{0,9}["']?\s{0,9}([^\s"'<>]{1,2000})[^<>]{0,1000}>/gi;

/** Another host, whatever a browser makes of the way it is written. What is in the address itself is another matter. */
const elsewhere = /^(?!data:)(?:[\\/]{2}|[^/?#]*[:\\]|[^?#]*&[#a-z])/i;

/**
 * Images and the like that a rendered page fetches from another host. What they show is no part of the text, and can be
 * something else tomorrow; and the host hears who reads it.
 *
 * @param text Markdown without code
 */
export function remoteImages(text: string): readonly Place[] {
  const names = new Set(
    [...text.matchAll(defined)]
      .filter(([, , address = ""]) => elsewhere.test(address))
      .map(([, name]) => plainName(name)),
  );
  const named = [...text.matchAll(byName)].filter(([, shown, name]) => names.has(plainName(name || shown)));
  const written = [...text.matchAll(inline)].filter(([, , address = ""]) => elsewhere.test(address));
  const elements = [...text.matchAll(element)].filter(([, address = ""]) => elsewhere.test(address));
  return [...written, ...named, ...elements].map(({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
  }));
}

/** Capital letters and the number of blanks mean nothing in the name of a link. */
function plainName(name = ""): string {
  return name.trim().replace(/\s+/g, " ").toLowerCase();
}
