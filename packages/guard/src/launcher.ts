import type { Risk } from "@memomesh/core";
import type { ResolvedWord } from "./word.ts";

/** A program that runs another: how to find the other one among its arguments. */
interface Launcher {
  /** Options that take a value in the next word. */
  readonly valued: string;
  /** Words between the options and the command. */
  readonly before?: number;
  /** No lower than this, whatever it runs. */
  readonly floor?: Risk;
  /** Whether assignments may stand in front of the command, as with `env`. */
  readonly assigns?: true;
}

const launchers: Readonly<Record<string, Launcher>> = {
  env: { valued: "-u --unset -C --chdir", assigns: true },
  nohup: { valued: "" },
  nice: { valued: "-n --adjustment" },
  ionice: { valued: "-c -n --class --classdata" },
  timeout: { valued: "-k --kill-after -s --signal", before: 1 },
  time: { valued: "-f -o --format --output" },
  setsid: { valued: "" },
  stdbuf: { valued: "-i -o -e" },
  command: { valued: "" },
  builtin: { valued: "" },
  exec: { valued: "-a" },
  flock: { valued: "-w -E --timeout", before: 1 },
  watch: { valued: "-n --interval" },
  xargs: { valued: "-n -L -P -I -s -d -E -a --max-args --max-procs --delimiter --arg-file --replace" },
  parallel: { valued: "-j --jobs -a --arg-file" },
  sudo: { valued: "-u -g -h -p -C -D -R -T -U --user --group --host --prompt --chdir", assigns: true, floor: "high" },
  doas: { valued: "-u -C", floor: "high" },
  runuser: { valued: "-u -g", floor: "high" },
  setpriv: { valued: "", floor: "high" },
  gosu: { valued: "", before: 1, floor: "high" },
  chroot: { valued: "", before: 1, floor: "high" },
  nsenter: { valued: "-t --target", floor: "high" },
  unshare: { valued: "", floor: "high" },
  "systemd-run": { valued: "-u -p --unit --property", floor: "high" },
  busybox: { valued: "" },
};

/** Those that run it as another user, root as a rule. */
const asRoot = new Set(["sudo", "doas", "runuser", "pkexec", "su", "gosu", "chroot", "nsenter"]);

/** What a launcher starts. `words` is empty when it starts nothing. */
export interface Launch {
  readonly words: readonly ResolvedWord[];
  readonly root: boolean;
  readonly floor: Risk;
  /** Arguments are added that are not known, as `xargs` does. */
  readonly adds: boolean;
}

/** @param words program and arguments; undefined when the program starts no other, or an option hides what it starts */
export function launchOf(name: string, words: readonly ResolvedWord[]): Launch | undefined {
  const launcher = Object.hasOwn(launchers, name) ? launchers[name] : undefined;
  if (launcher === undefined) return undefined;
  // `command -v` only looks.
  if (name === "command" && /^-[vV]+$/.test(words[1]?.text ?? "")) return { words: [], root: false, floor: "low", adds: false };
  const valued = new Set(launcher.valued.split(" "));
  let at = 1;
  for (; at < words.length; at += 1) {
    const { text } = words[at] as ResolvedWord;
    if (text === "--") {
      at += 1;
      break;
    }
    if (launcher.assigns && /^[A-Za-z_]\w*=/.test(text)) continue;
    if (!text.startsWith("-") || text === "-") break;
    if (valued.has(text)) at += 1;
  }
  const rest = words.slice(at + (launcher.before ?? 0));
  return { words: rest, root: asRoot.has(name), floor: launcher.floor ?? "low", adds: name === "xargs" || name === "parallel" };
}

/** The shell text that `sh -c`, `eval` and the like run; undefined when there is none among the words. */
export function textOf(name: string, words: readonly ResolvedWord[]): { readonly word: ResolvedWord; readonly text: string } | undefined {
  const args = words.slice(1);
  if (name === "eval" || name === "trap") {
    const used = name === "trap" ? args.slice(0, 1) : args;
    const [first] = used;
    return first === undefined ? undefined : { word: { ...first, known: used.every(({ known }) => known) }, text: used.map(({ text }) => text).join(" ") };
  }
  if (!/^(?:(?:ba|da|z|k|a)?sh|fish|su|watch)$/.test(name)) return undefined;
  const option = args.findIndex(({ text }) => /^-[a-zA-Z]*c$/.test(text));
  const word = option < 0 ? undefined : args.slice(option + 1).find(({ text }) => !/^[-+]/.test(text));
  return word === undefined ? undefined : { word, text: word.text };
}
