/** A character that a person could not see, or not see for what it is. */
export interface UnsafeCharacter {
  /** In UTF-16 units. */
  readonly offset: number;
  readonly codePoint: number;
  /** Such as `U+202E right-to-left override`. */
  readonly name: string;
}

/**
 * Prints untrusted text for a terminal by allow-list: letters, digits, punctuation and symbols of all scripts, and the
 * space. Everything else is made visible, such as `‹U+202E›`.
 *
 * Node's `stripVTControlCharacters` is no substitute: it leaves carriage return, backspace, and characters that
 * reverse or hide text.
 *
 * @param options.newlines whether line ends and tabs are kept
 */
export function safeText(text: string, options: { readonly newlines?: boolean } = {}): string {
  let safe = "";
  for (const { character, isSafe } of characters(text)) {
    if (isSafe || (options.newlines && isLayout(character))) safe += character;
    else safe += `‹U+${codeOf(character)}›`;
  }
  return safe;
}

/** The characters that `safeText` would make visible, line ends and tabs left out. */
export function unsafeCharacters(text: string): readonly UnsafeCharacter[] {
  const found: UnsafeCharacter[] = [];
  for (const { character, isSafe, offset } of characters(text)) {
    if (isSafe || isLayout(character)) continue;
    const codePoint = character.codePointAt(0) ?? 0;
    found.push({ offset, codePoint, name: nameOf(codePoint, character) });
  }
  return found;
}

/** A letter carries at most this many marks; more of them climb over the lines above. */
const mostMarks = 4;

const visible = /^[\p{L}\p{N}\p{P}\p{S} ]$/u;
/** Letters and symbols by their class, and yet nothing that can be seen: fillers, blanks, joiners, selectors. */
const invisible = /^[\p{Default_Ignorable_Code_Point}\u2800\u{1D159}]$/u;
const pictograph = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}]$/u;

function* characters(text: string): Generator<{ character: string; offset: number; isSafe: boolean }> {
  let offset = 0;
  let marks = 0;
  let before = "";
  const all = [...text];
  for (const [index, character] of all.entries()) {
    const isMark = /^\p{M}$/u.test(character) && !invisible.test(character);
    marks = isMark ? marks + 1 : 0;
    const isSafe = isMark
      ? before !== "" && !isLayout(before) && marks <= mostMarks
      : (visible.test(character) && !invisible.test(character)) || joinsPictographs(character, before, all[index + 1]);
    yield { character, offset, isSafe };
    offset += character.length;
    if (character !== "\uFE0F") before = character;
  }
}

/** Emoji are written with a selector behind them and a joiner between them; there, and only there, both are harmless. */
function joinsPictographs(character: string, before: string, after: string | undefined): boolean {
  if (character === "\uFE0F") return pictograph.test(before);
  return character === "\u200D" && pictograph.test(before) && after !== undefined && pictograph.test(after);
}

function isLayout(character: string): boolean {
  return character === "\n" || character === "\t";
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}

const names: Readonly<Record<number, string>> = {
  0x08: "backspace",
  0x0d: "carriage return",
  0x1b: "escape",
  0x7f: "delete",
  0xa0: "no-break space",
  0xad: "soft hyphen",
  0x200b: "zero width space",
  0x200c: "zero width non-joiner",
  0x200d: "zero width joiner",
  0x200e: "left-to-right mark",
  0x200f: "right-to-left mark",
  0x202a: "left-to-right embedding",
  0x202b: "right-to-left embedding",
  0x202c: "pop directional formatting",
  0x202d: "left-to-right override",
  0x202e: "right-to-left override",
  0x2060: "word joiner",
  0x2066: "left-to-right isolate",
  0x2067: "right-to-left isolate",
  0x2068: "first strong isolate",
  0x2069: "pop directional isolate",
  0xfeff: "byte order mark",
};

function nameOf(codePoint: number, character: string): string {
  const kind = names[codePoint] ?? kindOf(codePoint, character);
  return `U+${codeOf(character)} ${kind}`;
}

function kindOf(codePoint: number, character: string): string {
  if (codePoint >= 0xe0000 && codePoint <= 0xe007f) return "tag character";
  if (/^\p{Cc}$/u.test(character)) return "control character";
  if (/^\p{M}$/u.test(character)) return "mark without a letter, or one of too many";
  if (/^\p{Z}$/u.test(character)) return "unusual space";
  return "character that cannot be seen";
}
