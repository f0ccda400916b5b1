import { characterKind } from "./character-kind.ts";

/** A character that a terminal or a reader would not show as what it is. */
export interface UnsafeCharacter {
  /** UTF-16 units from the beginning. */
  readonly offset: number;
  readonly codePoint: number;
  /** For people: "U+202E right-to-left override". */
  readonly name: string;
}

/** Marks on one letter. Vietnamese and Hebrew need three; text that climbs over other lines needs many. */
const mostMarks = 4;

const plain = /^[\t\n\x20-\x7e]*$/;
const visible = /^[\p{L}\p{N}\p{P}\p{S}\p{M} ]$/u;
/** Drawn as nothing although their class is a visible one. */
const blank = /^[\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{1d159}\u16fe]$/u;
const mark = /^\p{M}$/u;
/** Marks that are drawn over the letter before them, so that it reads as struck out or as another one. */
const covering =
  /^(?:[\u0334-\u0338\u20d2\u20d3\u20d8-\u20da\u20e5\u20e6\u20ea\u20eb\u{1bc9e}\u{1d167}-\u{1d169}]|\p{Me})$/u;

const pictograph = /^\p{Extended_Pictographic}$/u;
/** What another picture can be joined to. */
const pictographEnd = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}]$/u;
/** Scripts in which joiners belong to ordinary spelling. */
const joining =
  /^[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}]$/u;

/**
 * Makes text fit for a terminal: what is not an ordinary character becomes visible, as in `‹U+202E›`.
 *
 * An allow-list: letters, digits, punctuation, symbols, emoji and the space. Escape sequences, carriage returns,
 * backspaces, direction marks, zero-width and private characters, odd spaces and lone surrogates are none of these.
 *
 * @param options.newlines keep line ends and tabs, for text of several lines; otherwise they are made visible too
 * @see docs/security.md, "The approval screen is the attack surface"
 */
export function safeText(text: string, options: { readonly newlines?: boolean } = {}): string {
  const { newlines = false } = options;
  if (plain.test(text) && (newlines || !/[\t\n]/.test(text))) return text;
  const characters = [...text];
  const marks = marksBefore(characters);
  return characters
    .map((character, index) => {
      if (character === "\n" || character === "\t") return newlines ? character : printed(character);
      return isSafe(characters, index, marks) ? character : printed(character);
    })
    .join("");
}

/** The characters that {@link safeText} would make visible. Line ends and tabs belong to ordinary text. */
export function unsafeCharacters(text: string): readonly UnsafeCharacter[] {
  if (plain.test(text)) return [];
  const characters = [...text];
  const marks = marksBefore(characters);
  const unsafe: UnsafeCharacter[] = [];
  let offset = 0;
  characters.forEach((character, index) => {
    if (character !== "\n" && character !== "\t" && !isSafe(characters, index, marks)) {
      unsafe.push({ offset, codePoint: codePointOf(character), name: nameOf(character) });
    }
    offset += character.length;
  });
  return unsafe;
}

function isSafe(characters: readonly string[], index: number, marks: readonly number[]): boolean {
  const character = characters[index] ?? "";
  if (character === "\ufe0f" || character === "\ufe0e") return selectsPicture(characters, index);
  if (character === "\u200d" || character === "\u200c") return joins(characters, index);
  if (!visible.test(character) || blank.test(character)) return false;
  if (covering.test(character)) return makesASign(characters, index);
  return !mark.test(character) || ((marks[index] ?? 0) <= mostMarks && standsOnLetter(characters, index));
}

/** For each character, how many marks in a row end with it. */
function marksBefore(characters: readonly string[]): readonly number[] {
  let count = 0;
  return characters.map((character) => {
    count = mark.test(character) && !blank.test(character) ? count + 1 : 0;
    return count;
  });
}

/** A mark at the beginning of a line would change what the program itself has printed before it. */
function standsOnLetter(characters: readonly string[], index: number): boolean {
  const before = characters[index - 1];
  return before !== undefined && before !== "\n" && before !== "\t";
}

/** The frame of a keycap, or the stroke of a sign such as ≠ in its two parts. */
function makesASign(characters: readonly string[], index: number): boolean {
  const [before = "", earlier = ""] = [characters[index - 1], characters[index - 2]];
  const key = before === "\ufe0f" ? earlier : before;
  if (characters[index] === "\u20e3") return /^[0-9#*]$/.test(key);
  return before !== "" && [...`${before}${characters[index]}`.normalize("NFC")].length === 1;
}

/** A variation selector says that a pictograph is drawn in colour or as text; behind anything else it is invisible. */
function selectsPicture(characters: readonly string[], index: number): boolean {
  const before = characters[index - 1] ?? "";
  return pictograph.test(before) || (/^[0-9#*]$/.test(before) && characters[index + 1] === "\u20e3");
}

/** A joiner makes one picture of several, or the right form of a letter; anywhere else it is invisible. */
function joins(characters: readonly string[], index: number): boolean {
  const before = characters[index - 1] ?? "";
  const next = characters[index + 1] ?? "";
  const selected = before === "\ufe0f" ? (characters[index - 2] ?? "") : before;
  if (characters[index] === "\u200d" && pictographEnd.test(selected) && pictograph.test(next)) return true;
  return joining.test(before) && joining.test(next);
}

function printed(character: string): string {
  return `‹${codeOf(character)}›`;
}

function nameOf(character: string): string {
  return `${codeOf(character)} ${characterKind(character)}`;
}

function codeOf(character: string): string {
  return `U+${codePointOf(character).toString(16).toUpperCase().padStart(4, "0")}`;
}

function codePointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
