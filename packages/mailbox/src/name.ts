import { type Owner, thisProcess } from "./owner.ts";

// The names of files in a mailbox, and what they tell.

/** The longest file name that common file systems take, in bytes of UTF-8. */
const longestName = 255;

/** Whether a name can be that of a memo: it is not hidden, and not one that programs give to files they are still writing. */
export function isMemoName(name: string): boolean {
  return !/^\.|^#.*#$|~$|\.(?:tmp|swp|part)$/.test(name);
}

/** The end of the id in the name of a delivered memo: `2026-11-21-deploy-7w1xb.md` → `7w1xb`; undefined in other names. */
export function suffixInName(name: string): string | undefined {
  // No regular expression: this is asked for every file of an archive.
  return name[name.length - 9] === "-" && name.endsWith(".md") && name[0] !== "." ? name.slice(-8, -3) : undefined;
}

/** `2026-11-21-deploy-7w1xb.md`, `2026-11-21-deploy-2-7w1xb.md`: for when the name is taken; the end of the id stays at the end. */
export function numberedName(name: string, attempt: number): string {
  return attempt === 1 ? name : name.replace(/-[^-]*$/, (suffix) => `-${attempt}${suffix}`);
}

/**
 * A variant of any file name, for when it is taken: `memo.md`, `memo-2.md`, `memo-3.md`.
 *
 * @param room bytes that the caller appends to it
 */
export function variantName(name: string, attempt: number, room = 0): string {
  return fitName(name, longestName - room, attempt === 1 ? "" : `-${attempt}`);
}

/** What the name of a claim tells: `.claim-<ULID>-<owner>-<name of the drop>`. */
export interface ClaimName {
  readonly id: string;
  readonly owner: Owner;
  readonly name: string;
}

/** The name that a drop gets while this process works on it. A very long name loses its end, not its extension. */
export function claimName(id: string, name: string): string {
  const prefix = `.claim-${id}-${thisProcess()}-`;
  return prefix + fitName(name, longestName - prefix.length);
}

export function readClaimName(name: string): ClaimName | undefined {
  const [, id, owner, drop] = /^\.claim-([0-7][0-9A-HJKMNP-TV-Z]{25})-([0-9a-z.]+)-(.+)$/s.exec(name) ?? [];
  return id === undefined || owner === undefined || drop === undefined ? undefined : { id, owner, name: drop };
}

/** A name with an addition before its extension, its stem shortened as far as it takes. */
function fitName(name: string, bytes: number, addition = ""): string {
  const dot = name.lastIndexOf(".");
  const stemEnd = dot > 0 && name.length - dot <= 10 ? dot : name.length;
  const ending = addition + name.slice(stemEnd);
  const letters = [...name.slice(0, stemEnd)];
  let length = Buffer.byteLength(letters.join("") + ending);
  while (letters.length > 1 && length > bytes) length -= Buffer.byteLength(letters.pop() ?? "");
  return letters.join("") + ending;
}
