import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { type CommandList, forGrammar } from "./command-list.ts";
import { grammarPlace } from "./grammar-place.ts";

/** Milliseconds for a text: ordinary ones take one or two, and a few thousand brackets take for ever. */
const longestRead = 1500;
/** Milliseconds until the grammar is loaded, on a machine that has much else to do. */
const longestStart = 20_000;
/** Texts that are remembered: a step is classified again whenever it is shown, and what is too slow is not tried twice. */
const mostKnown = 500;

export interface WorkerData {
  readonly core: string;
  readonly grammar: string;
  readonly answers: MessagePort;
  /** How many answers have been given, for the thread that waits for them. */
  readonly answered: SharedArrayBuffer;
}

export type Answer =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly why: string }
  | { readonly kind: "unreadable" }
  | { readonly kind: "list"; readonly list: CommandList };

/** What tree-sitter-bash makes of a text; `problem` ends the sentence "the text …". */
export type GrammarReading = { readonly list: CommandList } | { readonly problem: string };

interface Reader {
  readonly worker: Worker;
  readonly answers: MessagePort;
  readonly answered: Int32Array;
  /** How many answers have been taken. */
  taken: number;
}

let reader: Reader | undefined;
/** Why there is no grammar on this machine. */
let missing: string | undefined;
const known = new Map<string, GrammarReading>();

/**
 * Begins to read shell text with tree-sitter-bash. The parser can be hung by a short text, so it runs in a thread of its
 * own that is ended when it takes too long.
 *
 * @returns what waits for it, to be called once, before another text is begun
 */
export function readWithGrammar(text: string): () => GrammarReading {
  const earlier = known.get(text);
  if (earlier !== undefined) return () => earlier;
  const end = begin(text);
  return () => {
    const reading = end();
    if (known.size >= mostKnown) known.clear();
    known.set(text, reading);
    return reading;
  };
}

function begin(text: string): () => GrammarReading {
  if (missing !== undefined) return always({ problem: missing });
  reader ??= start();
  if (reader.taken === 0) {
    const first = next(reader, longestStart);
    if (first?.kind !== "ready") {
      stop();
      const problem = "cannot be read by the second parser, whose grammar could not be loaded";
      if (first?.kind !== "failed") return always({ problem: `${problem} in time` });
      missing = `${problem}: ${first.why}`;
      return always({ problem: missing });
    }
  }
  const asked = reader;
  asked.worker.postMessage(forGrammar(text));
  return () => readingOf(next(asked, longestRead));
}

function always(reading: GrammarReading): () => GrammarReading {
  return () => reading;
}

function readingOf(answer: Answer | undefined): GrammarReading {
  if (answer?.kind === "list") return { list: answer.list };
  if (answer?.kind === "unreadable") return { problem: "cannot be read by the second parser" };
  // It was too much for the parser, which is of no more use then.
  stop();
  return { problem: `is too much for the second parser${answer?.kind === "failed" ? `: ${answer.why}` : ""}` };
}

function start(): Reader {
  const answered = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const { port1, port2 } = new MessageChannel();
  const data = { core: grammarPlace.core(), grammar: grammarPlace.grammar(), answers: port2, answered };
  const worker = new Worker(grammarPlace.worker, {
    workerData: data satisfies WorkerData,
    transferList: [port2],
    env: {},
    execArgv: [],
  });
  worker.unref();
  port1.unref();
  return { worker, answers: port1, answered: new Int32Array(answered), taken: 0 };
}

function stop(): void {
  void reader?.worker.terminate();
  reader = undefined;
}

/** Waits for the next answer. @returns undefined when there is none in time */
function next(from: Reader, milliseconds: number): Answer | undefined {
  Atomics.wait(from.answered, 0, from.taken, milliseconds);
  const received = receiveMessageOnPort(from.answers);
  if (received === undefined) return undefined;
  from.taken += 1;
  return received.message;
}
