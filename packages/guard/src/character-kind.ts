const kinds: ReadonlyMap<number, string> = new Map([
  [0x08, "backspace"],
  [0x0d, "carriage return"],
  [0x1b, "escape"],
  [0x7f, "delete"],
  [0xa0, "no-break space"],
  [0xad, "soft hyphen"],
  [0x200b, "zero width space"],
  [0x200c, "zero width non-joiner"],
  [0x200d, "zero width joiner"],
  [0x200e, "left-to-right mark"],
  [0x200f, "right-to-left mark"],
  [0x202a, "left-to-right embedding"],
  [0x202b, "right-to-left embedding"],
  [0x202c, "pop directional formatting"],
  [0x202d, "left-to-right override"],
  [0x202e, "right-to-left override"],
  [0x2060, "word joiner"],
  [0x2066, "left-to-right isolate"],
  [0x2067, "right-to-left isolate"],
  [0x2068, "first strong isolate"],
  [0x2069, "pop directional isolate"],
  [0xfeff, "byte order mark"],
]);

const classes: readonly (readonly [RegExp, string])[] = [
  [/^[\u{e0000}-\u{e007f}]$/u, "tag character"],
  [/^\p{Cc}$/u, "control character"],
  [/^\p{Z}$/u, "unusual space"],
  [/^\p{Default_Ignorable_Code_Point}$/u, "character that cannot be seen"],
  [/^(?:[\u0334-\u0338\u20d2-\u20eb]|\p{Me})$/u, "mark that is drawn over what stands before it"],
  [/^\p{M}$/u, "mark without a letter, or one of too many"],
];

/** What to call a character that is not shown as itself. */
export function characterKind(character: string): string {
  const kind = kinds.get(character.codePointAt(0) ?? 0);
  return kind ?? classes.find(([characters]) => characters.test(character))?.[1] ?? "character that cannot be seen";
}
