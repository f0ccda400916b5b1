import { allowed, type Decision, denied } from "./decision.ts";
import { unsafeCharacters } from "./display.ts";
import { lookalikeSigns } from "./homoglyph.ts";
import { foldName, isDecidedByPeople, steersAgents } from "./steering.ts";

/** Limits of common file systems, in UTF-8 bytes. */
const longestName = 255;
const longestPath = 1024;

/**
 * Whether a session's changeset may hold this path: inside of the node's folder, spelled in one way only, and nothing
 * that steers agents, git or the mesh. Most of that can be proposed to the operator: see {@link checkProposalPath}.
 *
 * @param path relative to the node's folder, with "/" between its names
 * @see docs/security.md, "Changeset intake"
 */
export function checkChangePath(path: string): Decision {
  const names = path.split("/");
  const problem = textProblem(path) ?? nameProblem(names) ?? placeProblem(names);
  return problem === undefined ? allowed("it lies in the node's folder") : denied(problem);
}

/**
 * Whether a session may propose to the operator to change this path: what a changeset may hold, and what steers agents,
 * under its plain name. Git's own files and those of the mesh are nobody's to propose.
 *
 * @param path as in {@link checkChangePath}
 */
export function checkProposalPath(path: string): Decision {
  const names = path.split("/");
  const own = names.find((name) => steersAgents(name) && !isDecidedByPeople(name));
  const kept = own === undefined ? undefined : `${own} belongs to git or to the mesh, or is not in its plain spelling`;
  const problem = textProblem(path) ?? nameProblem(names) ?? kept ?? mailProblem(names);
  return problem === undefined ? allowed("a person decides on it") : denied(problem);
}

function textProblem(path: string): string | undefined {
  if (path === "" || path.startsWith("/") || path.includes("\\") || /^[A-Za-z]:/.test(path)) {
    return "expected a path relative to the node's folder, with / between its names";
  }
  if (unsafeCharacters(path).length > 0 || /[\t\n]/.test(path)) return "it holds characters that cannot be seen";
  if (path !== path.normalize("NFC"))
    return "it is not in Unicode's composed form (NFC), in which two names that look alike are one";
  return Buffer.byteLength(path) > longestPath ? `it is longer than ${longestPath} bytes` : undefined;
}

function nameProblem(names: readonly string[]): string | undefined {
  if (names.some((name) => name === "" || name === "." || name === ".."))
    return "it leads out of the folder, or is not in its shortest form";
  if (names.some((name) => /^[. ]+$/.test(name))) return "one of its names is made of dots and spaces only";
  if (names.some((name) => lookalikeSigns(name).some(({ looksLike }) => /[/\\]/.test(looksLike))))
    return "one of its names holds a sign that looks like a slash";
  return names.some((name) => Buffer.byteLength(name) > longestName)
    ? `one of its names is longer than ${longestName} bytes`
    : undefined;
}

function placeProblem(names: readonly string[]): string | undefined {
  const steering = names.find((name) => steersAgents(name));
  if (steering !== undefined)
    return `${steering} steers agents, git or the mesh; propose the change to the operator in a memo`;
  return mailProblem(names);
}

function mailProblem(names: readonly string[]): string | undefined {
  const [first = "", ...rest] = names.map(foldName);
  if (first === "memos") return "mail is sent as memos of the changeset, not as files";
  const beside = first === "runbooks" ? rest : [];
  if (beside.some((name) => name.includes(".record."))) return "the record of a run is written by the mesh only";
  if (beside.some((name) => name.includes(".review."))) return "a second opinion is written by the mesh only";
  return undefined;
}
