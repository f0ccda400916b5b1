import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isId } from "@memomesh/core";

/** What a session of another process does, as its journal tells it. */
export class Transcript {
  readonly #folder: string;
  readonly #memo: string;
  /** Characters of each journal that were read. */
  readonly #read = new Map<string, number>();

  /** @param root absolute path of the mesh */
  constructor(root: string, node: string, memo: string) {
    this.#folder = join(root, ".memomesh", "sessions", node);
    this.#memo = memo;
  }

  /** What has happened since the last look, each in a few words. */
  async news(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const journals = names.filter((name) => name.startsWith(`${this.#memo}-`) && isId(name.slice(-32, -6)));
    const news: string[] = [];
    for (const name of journals.sort()) {
      const text = await readFile(join(this.#folder, name), "utf8").catch(() => "");
      const from = this.#read.get(name) ?? 0;
      const end = text.lastIndexOf("\n") + 1;
      this.#read.set(name, Math.max(from, end));
      news.push(...text.slice(from, end).split("\n").flatMap(told));
    }
    return news;
  }
}

interface Said {
  readonly kind?: string;
  readonly agent?: string;
  readonly message?: {
    readonly role?: string;
    readonly text?: string;
    readonly calls?: readonly { readonly name?: string; readonly input?: unknown }[];
  };
}

/** One line of a journal in words: who began, what was said first, and the tools that were used. */
function told(line: string): string[] {
  const { kind, agent, message } = parsed(line);
  if (kind === "opened") return [`${agent} begins`];
  if (kind !== "message" || message?.role !== "assistant") return [];
  const said = message.text?.trim().split("\n", 1)[0] ?? "";
  const calls = (message.calls ?? []).map(({ name = "", input }) => `${name} ${objectOf(input)}`.trim());
  return [...(said === "" ? [] : [`says: ${said.slice(0, 80)}`]), ...calls];
}

function objectOf(input: unknown): string {
  const { path, title, subject } = (typeof input === "object" && input !== null ? input : {}) as Record<
    string,
    unknown
  >;
  const [first = ""] = [path, title, subject].filter((each) => typeof each === "string");
  return first.slice(0, 80);
}

function parsed(line: string): Said {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
