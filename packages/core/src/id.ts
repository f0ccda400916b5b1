import { decodeTime, encodeTime, monotonicFactory } from "ulid";
import { sha256 } from "./digest.ts";
import { MeshError } from "./error.ts";

/** Crockford's base 32 without I, L, O, U; the first character stays below 8 because the time has 48 bits. */
const ulid = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** Made with the first id: it opens the system's source of randomness, which most commands never need and wait 10 ms for. */
let next: ReturnType<typeof monotonicFactory> | undefined;

/**
 * A new id: a ULID, greater than every id that this process has made before.
 *
 * @param time milliseconds since 1970; an earlier time than that of the last id is raised to it
 */
export function newId(time: number): string {
  next ??= monotonicFactory(randomFractions());
  return next(time);
}

/** Asked for each byte alone, as `ulid` does by itself, the system takes twenty times as long. */
function randomFractions(): () => number {
  const bytes = new Uint8Array(1024);
  let used = bytes.length;
  return () => {
    if (used === bytes.length) {
      crypto.getRandomValues(bytes);
      used = 0;
    }
    return (bytes[used++] ?? 0) / 256;
  };
}

export function isId(text: string): boolean {
  return ulid.test(text);
}

/**
 * When an id was made, in milliseconds since 1970.
 *
 * @throws MeshError `id.invalid` when the text is no id
 */
export function idTime(id: string): number {
  if (!isId(id)) throw new MeshError("id.invalid", `"${id}" is no id; expected a ULID of 26 characters.`);
  return decodeTime(id);
}

/** The end of an id as it stands in file names: its last 5 characters in lower case. */
export function idSuffix(id: string): string {
  return id.slice(-5).toLowerCase();
}

/**
 * The one ULID that something has which must not happen twice, such as a notice that a crash may have sent again.
 *
 * @param time milliseconds since 1970
 * @param about what it is derived from
 */
export function derivedId(time: number, about: string): string {
  return encodeTime(time) + sha256(about).slice(-16).toUpperCase();
}
