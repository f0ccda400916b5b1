import * as z from "zod";

/** Ids that no project folder may take: the person, and the program itself. */
export const reservedNames: readonly string[] = ["operator", "mesh"];

const pattern = /^[a-z][a-z0-9-]{0,62}$/;

/** A node's id, agent's or target's name: also the name of a folder on every file system. */
export const nameSchema = z
  .string()
  .regex(pattern, "a name of lower-case letters, digits and dashes, such as web-shop");

export function isName(text: string): boolean {
  return pattern.test(text);
}
