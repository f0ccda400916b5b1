import { Exit, MeshError } from "@memomesh/core";

interface Explanation {
  readonly code: string;
  readonly words: string;
  readonly exit: number;
}

const full = {
  code: "mailbox.disk-full",
  words: "the disk is full, or a limit on its use is reached",
  exit: Exit.tryAgain,
};
const forbidden = { code: "mailbox.not-permitted", words: "the permissions do not allow it", exit: Exit.notPermitted };
const busy = { code: "mailbox.too-many-open", words: "too many files are open", exit: Exit.tryAgain };

const explanations: Readonly<Record<string, Explanation>> = {
  ENOSPC: full,
  EDQUOT: full,
  EFBIG: full,
  EACCES: forbidden,
  EPERM: forbidden,
  EROFS: { code: "mailbox.read-only", words: "the file system is read-only", exit: Exit.notPermitted },
  ENOENT: { code: "mailbox.missing", words: "it is not there any more", exit: Exit.tryAgain },
  ENOTDIR: {
    code: "mailbox.not-a-folder",
    words: "something that is no folder stands in the way",
    exit: Exit.notPermitted,
  },
  EMFILE: busy,
  ENFILE: busy,
};

/**
 * What the system refused, as something that a person can act on.
 *
 * @param doing what was tried, as in "delivering to memos/incoming"
 * @returns exit code 77 where somebody has to allow it, 75 where it may go better next time
 */
export function fileError(cause: unknown, doing: string): MeshError {
  if (cause instanceof MeshError) return cause;
  const errno = errnoOf(cause);
  if (errno === undefined) throw cause;
  const { code, words, exit } = explanations[errno] ?? {
    code: "mailbox.io",
    words: "the system refused it",
    exit: Exit.tryAgain,
  };
  return new MeshError(code, `${doing} failed: ${words} (${errno}). Nothing is lost; it is tried again.`, {
    exit,
    cause,
  });
}

/** The system's name of an error, such as ENOSPC; undefined when it does not come from the system. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("syscall" in error)) return undefined;
  return (error as NodeJS.ErrnoException).code;
}
