import { MeshError, type Runbook } from "@memomesh/core";
import { parseRunbook } from "@memomesh/core/markdown";
import { type FileKind, fileKind, isTemplate, isYamlName } from "./file-kind.ts";
import type { GateFile, Subject } from "./subject.ts";
import { composeWorkloads, kubernetesWorkloads, type Workload } from "./workload.ts";
import type { YamlNode } from "./yaml/node.ts";
import { type ReadDocuments, readDocuments } from "./yaml/read-documents.ts";

/** The largest file that is read: a bigger one was not written by hand, and nobody reviews it. */
export const largestFile = 512 * 1024;

/** A file with what could be read of it. */
export interface ReadFile extends GateFile {
  readonly kind: FileKind;
  /** Lines of the text, without their ends. */
  readonly lines: readonly string[];
  /** Empty when it is no YAML. */
  readonly documents: readonly YamlNode[];
  readonly problems: ReadDocuments["problems"];
  /** Only of runbooks: what it says, or why it cannot be read. */
  readonly runbook?: Runbook;
  readonly unreadable?: MeshError;
}

/** Shell text, wherever it stands. */
export interface ShellText {
  readonly file: string;
  /** Line of its first line in the file. */
  readonly line: number;
  readonly text: string;
  readonly origin: "script" | "run" | "check" | "undo";
}

/** A subject, read once for all checks. */
export interface Material extends Omit<Subject, "files"> {
  readonly files: readonly ReadFile[];
  /** Files that are not looked into. */
  readonly tooLarge: readonly GateFile[];
  readonly runbooks: readonly (ReadFile & { readonly runbook: Runbook })[];
  readonly workloads: readonly Workload[];
  readonly shell: readonly ShellText[];
}

export function readMaterial(subject: Subject): Material {
  const isLarge = ({ text }: GateFile) => text.length > largestFile;
  const files = subject.files.filter((file) => !isLarge(file)).map(readFile);
  const runbooks = files.flatMap((file) => (file.runbook === undefined ? [] : [{ ...file, runbook: file.runbook }]));
  return {
    ...subject,
    files,
    tooLarge: subject.files.filter((file) => isLarge(file) && isReviewed(file)),
    runbooks,
    workloads: [...composeWorkloads(files), ...kubernetesWorkloads(files)],
    shell: [
      ...files.flatMap(({ kind, path, text }): ShellText[] =>
        kind === "shell" ? [{ file: path, line: 1, text, origin: "script" }] : [],
      ),
      ...runbooks.flatMap(({ path, runbook }) => fences(path, runbook)),
    ],
  };
}

/** Whether a person would have written it: lists of locked versions and data are large by nature. */
function isReviewed(file: GateFile): boolean {
  return fileKind(file, []) !== "other" && !/(?:^|[/.-])lock\b|-lock\./.test(file.path);
}

function readFile(file: GateFile): ReadFile {
  const structured = (isYamlName(file.path) || /\.json$/i.test(file.path)) && !isTemplate(file);
  const { documents, problems } = structured ? readDocuments(file.text) : { documents: [], problems: [] };
  const kind = fileKind(file, documents);
  const read = { ...file, kind, lines: file.text.split(/\r?\n/), documents, problems };
  return kind === "runbook" ? { ...read, ...asRunbook(file) } : read;
}

function asRunbook({ text, path }: GateFile): Pick<ReadFile, "runbook" | "unreadable"> {
  try {
    return { runbook: parseRunbook(text, path) };
  } catch (error) {
    if (error instanceof MeshError) return { unreadable: error };
    throw error;
  }
}

function fences(file: string, { steps }: Runbook): ShellText[] {
  return steps.flatMap((step) =>
    (["run", "check", "undo"] as const).flatMap((origin) => {
      const fence = step[origin];
      return fence === undefined ? [] : [{ file, line: fence.line, text: fence.text, origin }];
    }),
  );
}
