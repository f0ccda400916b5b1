import { type Needs, type Risk, risks } from "./runbook.ts";
import { liesApart, printUpload, readUpload, type Upload, uploadPattern } from "./upload.ts";
import { listed, nearest } from "./wording.ts";

/** What the line below a step's heading says. */
export interface Attributes {
  readonly risk?: Risk;
  /** Seconds. */
  readonly timeout?: number;
  readonly target?: string;
  readonly needs?: Needs;
  readonly upload?: Upload;
}

const names = ["Risk", "Timeout", "Target", "Needs", "Upload"] as const;
type Name = (typeof names)[number];

/** The values that each attribute can have, up to the full stop. */
const values: Readonly<Record<Name, { readonly pattern: RegExp; readonly expected: string }>> = {
  Risk: { pattern: /(low|medium|high|critical)/y, expected: listed(risks) },
  Timeout: { pattern: /(\d{1,6}(?:s|m|h))/y, expected: "a time such as 60s, 10m or 1h" },
  Target: { pattern: /([a-z][a-z0-9-]*)/y, expected: "the name of a target" },
  Needs: {
    pattern: /((?:step \d{1,4}|[A-Z_][A-Z0-9_]*|`[^`\n]+`)(?:, (?:step \d{1,4}|[A-Z_][A-Z0-9_]*|`[^`\n]+`))*)/y,
    expected: "a list such as `step 1, DATABASE_URL, `projects/developer/dist``",
  },
  Upload: {
    pattern: uploadPattern,
    expected:
      "a folder of the mesh, a new one in the target's, and a link there, as in `projects/developer/dist` to `releases/1.4.2` as `current`",
  },
};

const longestTimeout = 24 * 60 * 60;

/** Whether a text is meant as an attribute line: it begins with a name and a colon, and the name is one, or nearly. */
export function looksLikeAttributes(text: string): boolean {
  const word = /^\W*([A-Za-z]+)\W*:/.exec(text)?.[1];
  return word !== undefined && nearest(word, names) !== undefined;
}

/**
 * Reads `Risk: low. Timeout: 60s. Target: staging. Needs: step 1, DATABASE_URL, `projects/developer/dist`.`
 *
 * @param step the number of the step, which can only need earlier ones
 * @returns the attributes, or a sentence that says what cannot be read
 */
export function readAttributes(text: string, step: number): Attributes | string {
  const found: Partial<Record<Name, string>> = {};
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    const [head, word = ""] = /^([A-Za-z]+): */.exec(rest) ?? [];
    if (head === undefined) return `${quoted(rest)} is no attribute; expected ${listed(names)}, each with a full stop.`;
    const name = names.find((each) => each === word);
    if (name === undefined) {
      const near = nearest(word, names);
      return `${word} is no attribute of a step; ${near ? `did you mean ${near}?` : `expected ${listed(names)}.`}`;
    }
    if (found[name] !== undefined) return `${name} is given twice; expected it once.`;
    const { pattern, expected } = values[name];
    pattern.lastIndex = at + head.length;
    const value = pattern.exec(text)?.[1];
    const end = at + head.length + (value?.length ?? 0);
    const stop = /^(?:\.(?: +|$)|$)/.exec(text.slice(end));
    if (value === undefined || stop === null) {
      const written = text.slice(at + head.length).split(/\.(?: |$)/, 1)[0];
      return `${name} ${quoted(written ?? "")} cannot be read; expected ${expected}.`;
    }
    found[name] = value;
    at = end + stop[0].length;
  }
  return interpret(found, step);
}

function interpret(found: Partial<Record<Name, string>>, step: number): Attributes | string {
  const timeout = found.Timeout === undefined ? undefined : seconds(found.Timeout);
  if (timeout !== undefined && (timeout < 1 || timeout > longestTimeout)) {
    return `Timeout ${found.Timeout} cannot be used; expected 1s to 24h.`;
  }
  const needs = found.Needs === undefined ? undefined : readNeeds(found.Needs);
  const later = needs?.steps.find((number) => number < 1 || number >= step);
  if (later !== undefined) return `step ${step} cannot need step ${later}; expected an earlier one.`;
  const outside = needs?.files.find((file) => !isMeshPath(file));
  if (outside !== undefined)
    return `Needs ${quoted(outside)} cannot be used; expected a path relative to the mesh's root, in its shortest form.`;
  const upload = found.Upload === undefined ? undefined : readUpload(found.Upload);
  if (upload !== undefined && !isMeshPath(upload.from))
    return `Upload ${quoted(upload.from)} cannot be used; expected a path relative to the mesh's root, in its shortest form.`;
  if (upload !== undefined && !liesApart(upload))
    return `Upload ${printUpload(upload)} cannot be used; expected a release and a link that do not lie within each other.`;
  return {
    ...(found.Risk === undefined ? {} : { risk: found.Risk as Risk }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(found.Target === undefined ? {} : { target: found.Target }),
    ...(needs === undefined ? {} : { needs }),
    ...(upload === undefined ? {} : { upload }),
  };
}

function seconds(text: string): number {
  return Number(text.slice(0, -1)) * { s: 1, m: 60, h: 3600 }[text.at(-1) as "s" | "m" | "h"];
}

function readNeeds(text: string): Needs {
  const parts =
    text
      .match(/`[^`]+`|[^,`]+/g)
      ?.map((part) => part.trim())
      .filter((part) => part !== "") ?? [];
  return {
    steps: parts.filter((part) => part.startsWith("step ")).map((part) => Number(part.slice(5))),
    env: parts.filter((part) => /^[A-Z_]/.test(part)),
    files: parts.filter((part) => part.startsWith("`")).map((part) => part.slice(1, -1)),
  };
}

/** A relative path in its shortest form. It leads upwards only at its beginning, to a node that lies beside the mesh. */
function isMeshPath(path: string): boolean {
  const parts = path.replace(/^(?:\.\.\/)+/, "").split("/");
  return parts.every((part) => part !== "" && part !== "." && part !== "..") && path.trim() === path;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
