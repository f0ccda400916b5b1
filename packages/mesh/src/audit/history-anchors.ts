import { relative } from "node:path";
import type { LogEntry, Repository } from "@memomesh/mailbox";
import { repositoriesOf } from "../decisions.ts";
import type { Mesh } from "../load.ts";
import { type Anchor, anchorTrailer, readAnchor } from "./anchor.ts";

/** A head that a commit names. */
interface CommittedAnchor extends Anchor {
  readonly commit: string;
}

/** What the histories of a mesh know that an audit needs. */
export interface AuditHistory {
  readonly anchors: readonly CommittedAnchor[];
  /** Commits that name a node's trail. */
  readonly commits: readonly LogEntry[];
  /** A file as the last commit has it; undefined when it is in none. @param path absolute */
  committed(path: string): Promise<string | undefined>;
  /** The commits in which a file is no longer what it was with something added. @param path absolute */
  rewritten(path: string): Promise<readonly string[]>;
  /** What a file has held in the course of its history, the newest first. @param path absolute */
  versions(path: string): AsyncGenerator<string, void>;
}

/** @throws MeshError `history.git.*` when a history cannot be read */
export async function openAuditHistory(mesh: Mesh): Promise<AuditHistory> {
  const repositories = await repositoriesOf(mesh);
  const logs = await Promise.all(repositories.map((repository) => repository.log()));
  const commits = logs.flat().filter(({ trailers }) => trailers.some(([name]) => name === anchorTrailer));
  const anchors = commits.flatMap(({ hash, trailers }) =>
    trailers.flatMap(([name, value]) => {
      const anchor = name === anchorTrailer ? readAnchor(value) : undefined;
      return anchor === undefined ? [] : [{ ...anchor, commit: hash }];
    }),
  );
  return {
    anchors,
    commits,
    committed: async (path) => {
      const place = placeOf(repositories, path);
      return place?.repository.fileAt("HEAD", place.path);
    },
    rewritten: async (path) => {
      const place = placeOf(repositories, path);
      const suspects = (await place?.repository.shortened(place.path)) ?? [];
      const found = await Promise.all(
        suspects.map(async (hash) => {
          const [before = "", after = ""] = await Promise.all(
            [`${hash}^`, hash].map((commit) => place?.repository.fileAt(commit, place.path)),
          );
          return after.startsWith(before) ? [] : [hash];
        }),
      );
      return found.flat();
    },
    async *versions(path) {
      const place = placeOf(repositories, path);
      if (place === undefined) return;
      for (const { hash } of (await place.repository.fileLog(place.path)).commits) {
        const content = await place.repository.fileAt(hash, place.path);
        if (content !== undefined) yield content;
      }
    },
  };
}

/** The innermost work tree is the one that a file belongs to. */
function placeOf(repositories: readonly Repository[], file: string) {
  return repositories
    .map((repository) => ({ repository, path: relative(repository.workTree, file) }))
    .filter(({ path }) => !path.startsWith(".."))
    .sort((a, b) => b.repository.workTree.length - a.repository.workTree.length)[0];
}
