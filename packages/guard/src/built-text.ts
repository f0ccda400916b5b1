import type { FoundSecret } from "./find-secrets.ts";

/** What bundlers and generators of sites write. */
const built = /\.(?:[cm]?js|css|html?|json|map|svg|xml)$/i;

/**
 * Whether a finding in a file that a program has written for browsers is a part of it and no secret. Much there has a name
 * that sounds secret: a variable that gets the value of another one (`t.token=e.next()`), an option
 * (`credentials:"same-origin"`), a text that people read (`"password":"Passwort vergessen?"`). What is left are literals that
 * are no words, and secrets of known kinds.
 *
 * @param file its name
 */
export function isBuiltText(file: string, text: string, { rule, start, end }: FoundSecret): boolean {
  if (rule !== "named-value" || !built.test(file)) return false;
  const value = text.slice(start, end);
  if (/["']/.test(text[start - 1] ?? "")) return isWording(value);
  const template = /^`([^`]+)`/.exec(value)?.[1];
  return template === undefined || template.includes("${") || isWording(template);
}

/** Several words, or letters and what stands between them. */
function isWording(value: string): boolean {
  return /\S\s+\S/.test(value) || /^[\p{L}\p{M}\s._:,!?…/-]+$/u.test(value);
}
