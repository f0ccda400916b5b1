/** What a header line can hold. */
export type HeaderValue = string | number | boolean | readonly string[];

/** Text that YAML reads as itself without quotes, also where other programs guess types. */
const plainText = /^(?!(?:true|false|null|yes|no|on|off)$)[A-Za-z][A-Za-z0-9 ._/+-]*(?<! )$/i;
const plainId = /^[0-9][0-9A-Z]{25}$/;
const plainDate = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)?$/;
const plainDigest = /^sha256:[0-9a-f]{64}$/;
const plainWord = /^[A-Za-z][A-Za-z0-9_./-]*$/;

/** A value as YAML on one line. Whatever could be read in another way is quoted, as JSON, which YAML contains. */
export function printHeaderValue(value: HeaderValue): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return `[${value.map(printWord).join(", ")}]`;
  const plain = [plainText, plainId, plainDate, plainDigest].some((pattern) => pattern.test(value));
  return plain ? value : quote(value);
}

function printWord(word: string): string {
  return plainWord.test(word) || plainId.test(word) ? word : quote(word);
}

function quote(text: string): string {
  // JSON leaves these as they are; YAML takes some of them for line ends or forbids them.
  return JSON.stringify(text).replace(/[\x7f-\xa0\u2028\u2029\ufeff]/g, (found) => {
    return `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
