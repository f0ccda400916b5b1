import { mkdirSync, readFileSync, renameSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeDurably } from "../packages/mailbox/src/index.ts";

/** What the machine itself needs to see a file and to copy it durably. */
export interface BareWatch {
  /** Puts one file into place. @returns milliseconds until its copy is durable */
  drop(): Promise<number>;
  close(): void;
}

/** A program that knows nothing of memos: it waits with `fs.watch` for files in one folder and copies them to another. */
export function bareWatch(root: string): BareWatch {
  const [from, to] = [join(root, "from"), join(root, "to")];
  for (const folder of [from, to]) mkdirSync(folder, { recursive: true });
  let arrived = (_name: string) => {};
  let count = 0;
  const watcher = watch(from, (_, name) => name !== null && arrived(name));
  const drop = async () => {
    count += 1;
    const name = `${count}.md`;
    const hidden = join(from, `.${name}`);
    writeFileSync(hidden, "x".repeat(1100));
    const arrival = new Promise<void>((resolve) => {
      arrived = (found) => found === name && resolve();
    });
    const start = performance.now();
    renameSync(hidden, join(from, name));
    await arrival;
    await writeDurably(join(to, name), readFileSync(join(from, name)));
    return performance.now() - start;
  };
  return { drop, close: () => watcher.close() };
}
