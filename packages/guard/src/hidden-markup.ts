import type { Place } from "./classification.ts";
import { unsafeCharacters } from "./display.ts";
import { lookalikeWords } from "./homoglyph.ts";
import { remoteImages } from "./remote-image.ts";

/** A part of Markdown that a reader of the rendered page does not see, sees as something else, or that is not in the text. */
export interface HiddenMarkup extends Place {
  /** For people, behind "it …". */
  readonly reason: string;
}

type Rule = readonly [pattern: RegExp, reason: string];

// None of these looks further than to the next "<" or "[" for its end: a text of many beginnings takes no longer.
const rules: readonly Rule[] = [
  [/<!--[\s\S]*?(?:-->|$)/g, "is a comment, which a rendered page does not show"],
  [/<!\[CDATA\[[\s\S]*?(?:\]\]>|$)/g, "is a part that a rendered page does not show"],
  [
    /^ {0,3}\[(?!\^)[^[\]\n]{1,999}\]:[ \t]{0,100}(?:#|<>|<#>)?[ \t]{0,100}(?:\([^()\n]{0,2000}\)|"[^"\n]{0,2000}"|'[^'\n]{0,2000}')[ \t]*$/gm,
    "is the title of a link, which a rendered page does not show",
  ],
  [/!\[[^[\]\n]{120,2000}\]\(/g, "is the text of an image, which a rendered page does not show"],
];
const tag = /<[a-z][^<>]{0,2000}>/gi;
const tags: readonly Rule[] = [
  [
    /^<(?:template|script|style|noscript|noembed|title|textarea|svg|math|iframe|object|head)\b/i,
    "is markup whose content a rendered page does not show",
  ],
  [
    /\s(?:hidden\b|type\s*=\s*["']?hidden|style\s*=|class\s*=|aria-hidden\b|(?:width|height)\s*=\s*["']?[01]\b)/i,
    "is markup that can hide its content",
  ],
  [/^<(?:details|summary)\b/i, "folds up what is in it"],
  [/^<(?:font|small|sub|sup)\b/i, "is markup that can make its content too small to read"],
];

const fetched = "is fetched from elsewhere, where it can become another one, and tells who reads this";

/** @param text Markdown; what stands in its fences is shown as it is */
export function hiddenMarkup(text: string): readonly HiddenMarkup[] {
  const prose = withoutFences(text);
  const plain = withoutCode(prose);
  const hidden = rules.flatMap(([pattern, reason]) => [...plain.matchAll(pattern)].map((match) => part(match, reason)));
  const entities = [...plain.matchAll(entity)].flatMap((match) =>
    unsafeCharacters(decoded(match[1] ?? "")).length === 0
      ? []
      : [part(match, "is a character that cannot be seen, or that turns what is around it, on a rendered page")],
  );
  const elements = [...plain.matchAll(tag)].flatMap((match) => {
    const reason = tags.find(([pattern]) => pattern.test(match[0]))?.[1];
    return reason === undefined ? [] : [part(match, reason)];
  });
  const images = remoteImages(plain).map((place) => ({ ...place, reason: fetched }));
  return [...hidden, ...entities, ...elements, ...images, ...misleadingLinks(prose)];
}

const entity = /&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,20});/gi;
/** Named characters that nobody sees. */
const unseen: Readonly<Record<string, string>> = {
  ...{ shy: "\u00ad", zwj: "\u200d", zwnj: "\u200c", lrm: "\u200e", rlm: "\u200f", nobreak: "\u2060" },
  ...{ zerowidthspace: "\u200b", applyfunction: "\u2061", af: "\u2061", invisibletimes: "\u2062", it: "\u2062" },
  ...{ invisiblecomma: "\u2063", ic: "\u2063" },
};

/** What an entity stands for; "" when it is of no interest here, such as `amp`. @param name between `&` and `;` */
function decoded(name: string): string {
  if (!name.startsWith("#")) return unseen[name.toLowerCase()] ?? "";
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  // Blanks and line ends are seen for what they are.
  return code > 0x10ffff || [9, 10, 13, 0xa0].includes(code) ? "" : String.fromCodePoint(code);
}

function part({ 0: found, index }: RegExpExecArray, reason: string): HiddenMarkup {
  return { reason, start: index, end: index + found.length };
}

const inline =
  /\[((?:[^[\]\\\n]|\\.){1,1000})\]\(\s{0,100}<?((?:[^\s()]|\([^\s()<>]{0,200}\)){1,2000})>?(?:\s[^()\n]{0,500})?\)/g;
const anchor =
  /<a\s[^<>]{0,1000}?href\s{0,9}=\s{0,9}["']?([^\s"'<>]{1,2000})["']?[^<>]{0,1000}>([\s\S]{0,1000}?)<\/a>/gi;
const defined = /^ {0,3}\[([^[\]\n]{1,1000})\]:[ \t]{0,100}<?([^\s<>]{1,2000})>?(?:[ \t].*)?$/gm;
const referred = /\[((?:[^[\]\\\n]|\\.){1,1000})\]\[([^[\]\n]{0,1000})\]/g;
const bare = /\bhttps?:\/\/[^\s<>()[\]"'`]{1,2000}/gi;

/** Links whose text names another host than their address, and addresses that are not what they seem. */
function misleadingLinks(text: string): readonly HiddenMarkup[] {
  const links = [
    ...[...text.matchAll(inline)].map(({ 0: whole, 1: shown = "", 2: address = "", index }) => ({
      whole,
      shown,
      address,
      index,
    })),
    ...[...text.matchAll(anchor)].map(({ 0: whole, 1: address = "", 2: shown = "", index }) => ({
      whole,
      shown,
      address,
      index,
    })),
    ...[...text.matchAll(defined)].map(({ 0: whole, 1: shown = "", 2: address = "", index }) => ({
      whole,
      shown,
      address,
      index,
    })),
    ...references(text),
    ...[...text.matchAll(bare)].map(({ 0: whole, index }) => ({ whole, shown: "", address: whole, index })),
  ];
  const found = links.flatMap(({ whole, shown, address, index }): HiddenMarkup[] => {
    const reason = differing(shown, address) ?? disguised(address);
    return reason === undefined ? [] : [{ reason, start: index, end: index + whole.length }];
  });
  return found.filter(
    ({ start, end }, index) => !found.some((other, at) => at < index && other.start <= start && end <= other.end),
  );
}

/** `[text][name]`, with the address that stands behind `[name]:` elsewhere. */
function references(text: string) {
  const addresses = new Map(
    [...text.matchAll(defined)].map(({ 1: name = "", 2: address = "" }) => [name.toLowerCase(), address] as const),
  );
  return [...text.matchAll(referred)].flatMap(({ 0: whole, 1: shown = "", 2: name = "", index }) => {
    const address = addresses.get((name === "" ? shown : name).toLowerCase());
    return address === undefined ? [] : [{ whole, shown, address, index }];
  });
}

function differing(shown: string, address: string): string | undefined {
  const names = hostsIn(shown.replace(/[*_`\\]|<[^>]*>/g, ""));
  const host = hostOf(address);
  if (names.length === 0 || (host === undefined && !/^(?:data|javascript|vbscript|file):/i.test(address)))
    return undefined;
  return names.every((name) => name === host)
    ? undefined
    : `is a link that reads ${names[0]} and leads to ${host ?? "something that is no web page"}`;
}

function disguised(address: string): string | undefined {
  if (/^(?:javascript|vbscript|data):/i.test(address)) return "is a link that runs or holds what it shows";
  if (/^[a-z][a-z0-9+.-]{0,30}:\/\/[^/?#\s]*\.[^/?#\s]*@/i.test(address))
    return "is an address that seems to name one host and names another, behind the @";
  const authority = /^[a-z][a-z0-9+.-]{0,30}:\/\/([^/?#\s]*)/i.exec(address)?.[1] ?? "";
  if (/(?:^|\.)xn--/i.test(authority)) return "is an address whose host is written in code (xn--)";
  if (lookalikeWords(authority).length > 0) return "is an address whose host has letters that look like others";
  if (/%[0-9a-f]{2}/i.test(authority)) return "is an address whose host is partly written in code";
  return undefined;
}

function hostsIn(text: string): readonly string[] {
  const found = text.matchAll(
    /(?:\b[a-z][a-z0-9+.-]{0,30}:\/\/|\bwww\.|^\s*)((?:[\p{L}\p{N}-]{1,63}\.){1,10}\p{L}{2,24})(?![\p{L}\p{N}.@-]*@)/giu,
  );
  return [...found].flatMap(({ 0: whole, 1: name = "" }) => (isFile(whole, name) ? [] : [plainHost(name)]));
}

/** `README.md` is no host, unless it stands behind `https://`. */
function isFile(whole: string, name: string): boolean {
  return (
    !/:\/\/|www\./i.test(whole) &&
    !/\.(?:com|org|net|io|dev|app|example|edu|gov|info|biz|cloud|ai|co|uk|de|eu)$/i.test(name)
  );
}

function hostOf(address: string): string | undefined {
  const [, host] = /^(?:[a-z][a-z0-9+.-]{0,30}:)?\/\/(?:[^/?#@\s]*@)?([^/?#:\s]+)/i.exec(address) ?? [];
  return host && plainHost(host);
}

function plainHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^www\./, "")
    .replace(/\.$/, "");
}

/** The same length, with blanks for the fences. */
function withoutFences(text: string): string {
  return text.replace(/^ {0,3}(`{3,}(?!`)|~{3,}(?!~))[^\n]*\n[\s\S]*?(?:^ {0,3}\1[`~]*[ \t]*$|(?![\s\S]))/gm, blanked);
}

/** The same length, with blanks for the code in lines. */
function withoutCode(text: string): string {
  return text.replace(/(?<!`)(`{1,2})(?!`)[^`\n]{1,1000}\1(?!`)/g, blanked);
}

function blanked(found: string): string {
  return found.replace(/[^\n]/g, " ");
}
