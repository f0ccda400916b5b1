import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { Language, Parser } from "web-tree-sitter";
import type { Answer, WorkerData } from "./grammar.ts";
import { grammarList } from "./grammar-list.ts";

/** Reads what it is sent, one text after the other, and says that it has answered. */
async function serve({ core, grammar, answers, answered }: WorkerData): Promise<void> {
  const said = new Int32Array(answered);
  const say = (answer: Answer) => {
    answers.postMessage(answer);
    Atomics.add(said, 0, 1);
    Atomics.notify(said, 0);
  };
  // Optimizing the parser takes the processor a second, and no process ends before that is done.
  setFlagsFromString("--wasm-tiering-budget=2000000000");
  try {
    await Parser.init({ locateFile: () => fileURLToPath(core) });
    const parser = new Parser().setLanguage(await Language.load(fileURLToPath(grammar)));
    parentPort?.on("message", (text: string) => say(read(parser, text)));
    say({ kind: "ready" });
  } catch (error) {
    say(failure(error));
  }
}

function read(parser: Parser, text: string): Answer {
  try {
    const tree = parser.parse(text);
    if (tree === null || tree.rootNode.hasError) return { kind: "unreadable" };
    const list = grammarList(tree.rootNode);
    tree.delete();
    return { kind: "list", list };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): Answer {
  return { kind: "failed", why: error instanceof Error ? error.message : String(error) };
}

await serve(workerData);
