import { MeshError } from "@memomesh/core";

// JSON as people write it into settings: with comments, and with commas behind the last member. Only where things stand
// is read, so that an edit leaves every other byte alone.

/** A member of an object. Offsets in UTF-16 units. */
export interface Member {
  readonly name: string;
  /** Where its name begins. */
  readonly start: number;
  readonly value: Value;
}

/** A value, and where it stands; `end` is behind it. */
export interface Value {
  readonly start: number;
  readonly end: number;
  /** Undefined when it is no object. */
  readonly members: readonly Member[] | undefined;
}

const deepest = 200;

/**
 * @param file the name that errors give
 * @throws MeshError `mcp.config` with the line at which it cannot be read
 */
export function readJsonSource(source: string, file: string): Value {
  const start = skipBlank(source, source.charCodeAt(0) === 0xfeff ? 1 : 0, file);
  const value = readValue(source, start, file, 0);
  const rest = skipBlank(source, value.end, file);
  if (rest < source.length) throw unreadable(source, rest, file, "nothing more");
  return value;
}

function readValue(source: string, at: number, file: string, depth: number): Value {
  if (depth > deepest) throw unreadable(source, at, file, "fewer levels");
  const first = source[at];
  if (first === "{") return readObject(source, at, file, depth);
  if (first === "[") return readArray(source, at, file, depth);
  if (first === '"') return { start: at, end: endOfString(source, at, file), members: undefined };
  const [word = ""] = /^(?:-?\d[\d.eE+-]*|true|false|null)/.exec(source.slice(at, at + 400)) ?? [];
  if (!isJson(word)) throw unreadable(source, at, file, "a value");
  return { start: at, end: at + word.length, members: undefined };
}

function readObject(source: string, start: number, file: string, depth: number): Value {
  const members: Member[] = [];
  let at = skipBlank(source, start + 1, file);
  while (source[at] !== "}") {
    if (source[at] !== '"') throw unreadable(source, at, file, "a name in quotes or }");
    const nameEnd = endOfString(source, at, file);
    const colon = skipBlank(source, nameEnd, file);
    if (source[colon] !== ":") throw unreadable(source, colon, file, '":"');
    const value = readValue(source, skipBlank(source, colon + 1, file), file, depth + 1);
    members.push({ name: JSON.parse(source.slice(at, nameEnd)) as string, start: at, value });
    at = next(source, value.end, file, "}");
  }
  return { start, end: at + 1, members };
}

function readArray(source: string, start: number, file: string, depth: number): Value {
  let at = skipBlank(source, start + 1, file);
  while (source[at] !== "]") at = next(source, readValue(source, at, file, depth + 1).end, file, "]");
  return { start, end: at + 1, members: undefined };
}

/** What comes behind a value: a comma and the next one, or the end. */
function next(source: string, valueEnd: number, file: string, close: string): number {
  const at = skipBlank(source, valueEnd, file);
  if (source[at] === close) return at;
  if (source[at] !== ",") throw unreadable(source, at, file, `"," or ${close}`);
  return skipBlank(source, at + 1, file);
}

function endOfString(source: string, start: number, file: string): number {
  for (let at = start + 1; at < source.length && source[at] !== "\n"; at += 1) {
    if (source[at] === "\\") at += 1;
    else if (source[at] === '"') {
      if (!isJson(source.slice(start, at + 1))) break;
      return at + 1;
    }
  }
  throw unreadable(source, start, file, "a text in quotes");
}

function skipBlank(source: string, start: number, file: string): number {
  let at = start;
  for (;;) {
    while (/[ \t\r\n]/.test(source[at] ?? "")) at += 1;
    if (source.startsWith("//", at)) {
      const end = source.indexOf("\n", at);
      at = end === -1 ? source.length : end;
    } else if (source.startsWith("/*", at)) {
      const end = source.indexOf("*/", at + 2);
      if (end === -1) throw unreadable(source, at, file, "the end of this comment");
      at = end + 2;
    } else return at;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function unreadable(source: string, at: number, file: string, expected: string): MeshError {
  const line = source.slice(0, at).split("\n").length;
  const found = at >= source.length ? "the end of the file" : JSON.stringify(source[at]);
  const sentence = `${found} was found where ${expected} was expected; mend the file first. Nothing was written`;
  return new MeshError("mcp.config", sentence, { place: { file, line } });
}
