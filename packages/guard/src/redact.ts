/** Shorter values are not searched for: a variable that holds "1" would blacken every number. */
const shortestValue = 4;

/** Shapes that keys and tokens have by their makers' rules, or by the name in front of them. */
const shapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]{0,20000}?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\b(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{30,255}\b/g,
  /\bgithub_pat_[A-Za-z0-9_]{40,255}\b/g,
  /\bglpat-[A-Za-z0-9_-]{20,}/g,
  /\bnpm_[A-Za-z0-9]{36}\b/g,
  /\bsk-[A-Za-z0-9_-]{20,}/g,
  /\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}\b/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  /\bAIza[0-9A-Za-z_-]{35}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
];

/** What stands behind these is secret, whatever its shape. The first group is kept. */
const behind: readonly RegExp[] = [
  /(\bauthorization:\s*(?:bearer|basic|token)\s+)[^\s"',;]{6,}/gi,
  /(\bbearer\s+)[A-Za-z0-9._~+/-]{16,}=*/gi,
  /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,100}:)[^\s/@]{1,200}(?=@)/gi,
  /(\b[A-Za-z0-9_]{0,60}(?:password|passwd|secret|token|api_?key|private_?key|credentials?)[A-Za-z0-9_]{0,20}["']?\s{0,3}[=:]\s{0,3}["']?)(?![$<{*‹]|sha\d+:)[^\s"',;]{6,}/gi,
];

/**
 * Removes secrets from text that is kept or shown: the values of named variables, and what has the shape of a key.
 *
 * It is the last net, not the wall: a secret in another form passes it.
 *
 * @param secrets values by the name of their variable
 * @returns the text with `‹NAME›` and `‹secret›` in their places
 */
export function redact(text: string, secrets: Readonly<Record<string, string>> = {}): string {
  const known = Object.entries(secrets)
    .filter(([, value]) => value.length >= shortestValue)
    .sort(([, a], [, b]) => b.length - a.length);
  const named = known.reduce((kept, [name, value]) => kept.replaceAll(value, `‹${name}›`), text);
  const shaped = shapes.reduce((kept, shape) => kept.replace(shape, "‹secret›"), named);
  return behind.reduce((kept, shape) => kept.replace(shape, "$1‹secret›"), shaped);
}
