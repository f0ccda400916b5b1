import type { Place } from "./classification.ts";

/** Letters of other scripts that are drawn like a Latin one, each before the one that it looks like. */
const letters =
  "аaеeоoрpсcуyхxіiјjѕsԁdһhӏlԛqԝwАAВBЕEЗ3КKМMНHОOРPСCТTУYХXІIЈJЅSԌGԚQԜW" +
  "αaοoνvρpυuιiκkτtωwΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX" +
  "օoսuցgհhոnզqѕsՍSՏSᎪAᏴBᏟCᎬEᎻHᎫJᏦKᏞLᎷMᏢPᏒRᏚSᎢTᏙVᏔWᏃZ" +
  "ıiɡgɑaʟLɪIꜱSǀlⅼlⅰiⅽcⅾdⅿmⅴvⅹx";
/** Signs that are drawn like one that means something to a shell or in an address. */
const signs =
  "‐-‑-‒-–-—-−-﹣-﹘-˗-➖-‘'’'ʼ'ʹ'′'´'`'“\"”\"″\"ˮ\"‟\"；;\u037e;：:∶:꞉:ː:⁄/∕/⧸/╱/⟋/⼃/＼\\∖\\⧵\\⟍\\｜|∣|ǀ|⏐|＆&﹠&＄$﹩$＞>›>〉>＜<‹<〈<＊*∗*⁎*٭*․.。.．.‚,，,！!ǃ!‼!＃#～~∼~˜~＝=᐀=（(）)｛{｝}［[］]＠@﹫@％%＋+？?　 ";

const alike: ReadonlyMap<string, string> = new Map([
  ...pairs(letters),
  ...pairs(signs).filter(([sign]) => sign !== "`"),
]);

function pairs(text: string): [string, string][] {
  const all = [...text];
  return all.flatMap((each, index): [string, string][] => (index % 2 === 0 ? [[each, all[index + 1] ?? ""]] : []));
}

const word = /[\p{L}\p{M}\p{N}_]+/gu;
const latin = /\p{Script=Latin}/u;
const otherLetter = /(?!\p{Script=Latin}|\p{Script=Common}|\p{Script=Inherited})\p{L}/u;

/** A part of a text that looks like something else. */
export interface Lookalike extends Place {
  /** What a reader takes it for. */
  readonly looksLike: string;
}

/**
 * Words that look like Latin ones and are not, wholly or in part: `ѕudo`, `pаypal`, `ｒｍ`.
 *
 * @param prose whether a word may be written in another script as a whole where other words of it have letters of their own
 */
export function lookalikeWords(text: string, prose = false): readonly Lookalike[] {
  const words = [...text.matchAll(word)].filter(
    ({ 0: found }) => !/^[\u0000-\u024f]*$/.test(found) || /[ıǀǃ]/.test(found),
  );
  const scripts = prose ? scriptsOf(words.map(([found]) => found)) : [];
  return words.flatMap(({ 0: found, index }) => {
    const looksLike = skeleton(found);
    const disguised =
      /^[\x20-\x7e]+$/.test(looksLike) && !(!latin.test(found) && scripts.some((script) => script.test(found)));
    // No command has a reason to write one word in two such scripts.
    const mixed = latin.test(found) && (prose ? otherLetter.test(found) && hasAlike(found) : looksLatin(found));
    return disguised || mixed ? [{ looksLike, start: index, end: index + found.length }] : [];
  });
}

const likeLatin = [/\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u, /\p{Script=Cherokee}/u];

function hasAlike(text: string): boolean {
  return [...text].some((each) => alike.has(each));
}

function looksLatin(text: string): boolean {
  return (otherLetter.test(text) && hasAlike(text)) || likeLatin.some((script) => script.test(text));
}

/** The scripts of which some word could not be taken for a Latin one. */
function scriptsOf(words: readonly string[]): readonly RegExp[] {
  return likeLatin.filter((script) =>
    words.some((each) => script.test(each) && !latin.test(each) && !/^[\x20-\x7e]+$/.test(skeleton(each))),
  );
}

/** Signs that a shell takes for text and a reader for what they look like: `rm –rf`, `a；b`, `“x”`. */
export function lookalikeSigns(text: string): readonly Lookalike[] {
  return [...text.matchAll(/[^\p{L}\p{M}\p{N}\x00-\x7f]/gu)].flatMap(({ 0: sign, index }) => {
    const looksLike = alike.get(sign) ?? plainForm(sign);
    return looksLike === undefined ? [] : [{ looksLike, start: index, end: index + sign.length }];
  });
}

/** The sign of which this is a wide or small form; undefined when it is none: `／`. */
function plainForm(sign: string): string | undefined {
  const plain = sign.normalize("NFKC");
  return /^[\x21-\x7e]$/.test(plain) ? plain : undefined;
}

/** As a reader sees it. Wide and mathematical letters are forms of the plain ones (NFKC). */
function skeleton(text: string): string {
  return [...text].map((each) => alike.get(each) ?? each.normalize("NFKC")).join("");
}
