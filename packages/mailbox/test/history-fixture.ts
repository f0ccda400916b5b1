import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Commit } from "../src/commit.ts";
import type { Trailer } from "../src/commit-message.ts";
import type { Patience } from "../src/patience.ts";

/** One attempt, no waiting. */
export const impatient: Patience = { limit: 0, wait: () => Promise.resolve() };

/** A temporary folder that tests put files, and a person's git, into. */
export class Workplace {
  readonly folder: string;

  constructor() {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), "memomesh-history-")));
  }

  /** A repository with an identity and one commit that holds `kept.md`. */
  static withRepository(): Workplace {
    const place = new Workplace();
    cpSync(pattern().folder, place.folder, { recursive: true });
    return place;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, content: string): string {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  exists(name: string): boolean {
    return existsSync(this.path(name));
  }

  /** Waits until a file is there. */
  appears(name: string): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.exists(name)) return;
        watcher.close();
        resolve();
      };
      const watcher = watch(this.folder, look);
      look();
    });
  }

  hook(name: string, script: string): void {
    chmodSync(this.write(`.git/hooks/${name}`, `#!/bin/sh\n${script}\n`), 0o755);
  }

  git(...args: string[]): string {
    return execFileSync("git", args, { cwd: this.folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  }

  /** What HEAD, or the index with "", holds for a file. */
  shown(name: string, tree = "HEAD"): string {
    return this.git("show", `${tree}:${name}`);
  }

  subjects(): string[] {
    return this.git("log", "--format=%s").trimEnd().split("\n");
  }

  status(): string {
    return this.git("status", "--porcelain");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

let made: Workplace | undefined;

// Copied for each test, which is quicker than making it again.
function pattern(): Workplace {
  if (made !== undefined) return made;
  const place = new Workplace();
  place.git("init", "--quiet", "--initial-branch=main", "--template=");
  place.git("config", "user.name", "Pat Person");
  place.git("config", "user.email", "pat@example.com");
  place.git("config", "gc.auto", "0");
  place.write("kept.md", "kept\n");
  place.git("add", "--all");
  place.git("commit", "--quiet", "--message", "Begin");
  made = place;
  return place;
}

/** A commit of some files, given by absolute paths. */
export function about(subject: string, paths: readonly string[], trailers: readonly Trailer[] = []): Commit {
  return { subject, paths, trailers };
}
