/** Ids that no project folder may take: the person, and the program itself. */
export const reservedNames: readonly string[] = ["operator", "mesh"];

/** A node's id, agent's or target's name: also the name of a folder on every file system. */
export const namePattern = /^[a-z][a-z0-9-]{0,62}$/;
/** Completes "expected …". */
export const nameWording = "a name of lower-case letters, digits and dashes, such as web-shop";

export function isName(text: string): boolean {
  return namePattern.test(text);
}
