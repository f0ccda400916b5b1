import { mkdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeDurably } from "../packages/mailbox/src/index.ts";

/**
 * What the machine itself needs: a program that knows nothing of memos waits with `fs.watch` for a file in one folder
 * and copies it durably to another.
 *
 * @returns milliseconds from the rename to the durable copy, for each file
 */
export async function bareWatch(root: string, files: number): Promise<number[]> {
  const [from, to] = [join(root, "bare-from"), join(root, "bare-to")];
  for (const folder of [from, to]) mkdirSync(folder);
  let arrived = (_name: string) => {};
  const watcher = watch(from, (_, name) => name !== null && !name.startsWith(".") && arrived(name));
  const times: number[] = [];
  for (let index = 0; index < files; index += 1) {
    const name = `${index}.md`;
    const hidden = join(from, `.${name}`);
    writeFileSync(hidden, "x".repeat(1100));
    const arrival = new Promise<void>((resolve) => {
      arrived = (found) => found === name && resolve();
    });
    const start = performance.now();
    renameSync(hidden, join(from, name));
    await arrival;
    await writeDurably(join(to, name), readFileSync(join(from, name)));
    times.push(performance.now() - start);
  }
  watcher.close();
  for (const folder of [from, to]) rmSync(folder, { recursive: true });
  return times;
}
