import type { Command } from "commander";
import type { Output } from "./output.ts";

/** What the file of a command exports. */
export interface CommandModule {
  /** The command handles Ctrl-C itself; otherwise the frame ends it with 130. */
  readonly ownInterrupt?: true;
  /** The command lets agents work, which OpenTelemetry may be told about. */
  readonly holdsSessions?: true;
  /** Gives the command its arguments, options, examples and action. */
  define(command: Command, frame: Frame): void;
}

/** What a command gets from the frame. */
export interface Frame {
  readonly output: Output;
  /** Ends the command with this code instead of 0. */
  exit(code: number): void;
}

export interface CommandEntry {
  /** One word, or two for a command of a group: `memo new`. */
  readonly name: string;
  readonly summary: string;
  readonly section: Section;
  load(): Promise<CommandModule>;
}

/** Under which heading `--help` shows it. */
type Section = "Set up:" | "Write and read:" | "Work:" | "Infrastructure:" | "Decide:" | "Look:";

type Load = CommandEntry["load"];

function section(
  name: Section,
  entries: readonly (readonly [name: string, summary: string, load: Load])[],
): CommandEntry[] {
  return entries.map(([command, summary, load]) => ({ name: command, summary, section: name, load }));
}

/** Every command, in the order in which `--help` and docs/commands.md show them. */
export const commands: readonly CommandEntry[] = [
  ...section("Set up:", [
    ["init", "make a mesh in a folder, also around existing projects", () => import("./commands/init.ts")],
    ["node add", "make or adopt a project folder as a node", () => import("./commands/node-add.ts")],
    ["node list", "the nodes, their roles, agents and grants", () => import("./commands/node-list.ts")],
    [
      "instructions sync",
      "bring the files of all vendors into step with AGENTS.md",
      () => import("./commands/instructions-sync.ts"),
    ],
    [
      "instructions check",
      "what agents are to read and has grown too long for it",
      () => import("./commands/instructions-check.ts"),
    ],
    [
      "hooks install",
      "let the vendors' programs ask the guard before they act",
      () => import("./commands/hooks-install.ts"),
    ],
    [
      "hooks session",
      "what those hooks say when a session starts or stops",
      () => import("./commands/hooks-session.ts"),
    ],
    ["guard hook", "what those hooks ask before a tool is used", () => import("./commands/guard-hook.ts")],
    ["doctor", "find and explain what is wrong with the mesh", () => import("./commands/doctor.ts")],
    ["check", "whether everything is in order before agents work", () => import("./commands/check.ts")],
    ["demo", "the whole job in a temporary mesh", () => import("./commands/demo.ts")],
    ["completion", "completion for bash, zsh or fish", () => import("./commands/completion.ts")],
  ]),
  ...section("Write and read:", [
    ["memo new", "write a memo in your editor and send it", () => import("./commands/memo-new.ts")],
    ["memo send", "send a memo from a file or standard input", () => import("./commands/memo-send.ts")],
    ["memo reply", "answer a memo", () => import("./commands/memo-reply.ts")],
    ["memo done", "complete and archive a memo that you worked on yourself", () => import("./commands/memo-done.ts")],
    ["memo list", "memos of a node: waiting, sent, archived, rejected", () => import("./commands/memo-list.ts")],
    ["memo show", "one memo, wherever it lies now", () => import("./commands/memo-show.ts")],
    ["inbox", "what waits for you", () => import("./commands/inbox.ts")],
  ]),
  ...section("Work:", [
    ["watch", "route memos and wake agents as long as it runs", () => import("./commands/watch.ts")],
    ["run", "the same once, until nothing is left to do", () => import("./commands/run.ts")],
    [
      "mcp serve",
      "this node as tools inside the vendors' programs; `memomesh mcp` for short",
      () => import("./commands/mcp.ts"),
    ],
    [
      "mcp install",
      "write the configuration that lets those programs start it",
      () => import("./commands/mcp-install.ts"),
    ],
  ]),
  ...section("Infrastructure:", [
    ["ask", "say what you want; an agent prepares it, and you decide", () => import("./commands/ask.ts")],
    ["chat", "the same as a conversation", () => import("./commands/chat.ts")],
    ["stage init", "begin the stages of a platform", () => import("./commands/stage-init.ts")],
    ["stage list", "the stages of a platform, and how far each layer is", () => import("./commands/stage-list.ts")],
    ["stage next", "what can be done now, by dependencies and priority", () => import("./commands/stage-next.ts")],
    ["stage plan", "decide what to build and why", () => import("./commands/stage-plan.ts")],
    [
      "stage implement",
      "build what was planned, and show it to the gate",
      () => import("./commands/stage-implement.ts"),
    ],
    ["stage improve", "make better what the gate or you do not like", () => import("./commands/stage-improve.ts")],
    ["stage complete", "close a stage that is in place", () => import("./commands/stage-complete.ts")],
    ["stage status", "where a stage stands", () => import("./commands/stage-status.ts")],
    ["facts list", "what is collected about the platform, and how old it is", () => import("./commands/facts-list.ts")],
    ["facts accept", "let a collector run, as it is now", () => import("./commands/facts-accept.ts")],
    ["facts refresh", "run the accepted collectors once", () => import("./commands/facts-refresh.ts")],
    ["facts watch", "run them whenever their facts grow old", () => import("./commands/facts-watch.ts")],
    ["stage why", "who decided what about a stage, and on what ground", () => import("./commands/stage-why.ts")],
  ]),
  ...section("Decide:", [
    ["review", "decide on a runbook, step by step", () => import("./commands/review.ts")],
    ["approve", "approve one step by its digest and run it, for scripts", () => import("./commands/approve.ts")],
    [
      "proposal list",
      "what agents want to change of what steers them, and you decide on",
      () => import("./commands/proposal-list.ts"),
    ],
    ["proposal show", "a proposal as a difference", () => import("./commands/proposal-show.ts")],
    ["proposal accept", "write exactly what is shown", () => import("./commands/proposal-accept.ts")],
    ["proposal reject", "put it aside, and tell the node why", () => import("./commands/proposal-reject.ts")],
    ["runbook new", "start a runbook of your own", () => import("./commands/runbook-new.ts")],
    ["runbook list", "runbooks, and how far each has come", () => import("./commands/runbook-list.ts")],
    ["runbook show", "a runbook, step by step, with the risk of each", () => import("./commands/runbook-show.ts")],
    ["runbook check", "whether a runbook can be read exactly", () => import("./commands/runbook-check.ts")],
    ["secret list", "the commands that print what steps need", () => import("./commands/secret-list.ts")],
    ["secret accept", "let such a command run, as it is now", () => import("./commands/secret-accept.ts")],
    ["opinion", "ask another agent what it thinks of a runbook", () => import("./commands/opinion.ts")],
    ["gate", "score a runbook or files, and say what to improve", () => import("./commands/gate.ts")],
  ]),
  ...section("Look:", [
    ["guard check", "whether an agent may run a command, and why not", () => import("./commands/guard-check.ts")],
    ["guard secrets", "what looks like a secret in files", () => import("./commands/guard-secrets.ts")],
    [
      "audit verify",
      "who approved which step, and whether that is what ran",
      () => import("./commands/audit-verify.ts"),
    ],
    ["status", "the mesh at a glance", () => import("./commands/status.ts")],
    ["log", "the history of memos and decisions", () => import("./commands/log.ts")],
    ["brief", "one page over all nodes: what moved, waits, is stuck, has cost", () => import("./commands/brief.ts")],
    ["report", "lead times, success, gate, alerts and cost, also as a page", () => import("./commands/report.ts")],
    ["why", "who asked for something, who prepared it, who decided", () => import("./commands/why.ts")],
    ["lesson list", "what was learned, by all nodes and by each", () => import("./commands/lesson-list.ts")],
    ["lesson search", "the lessons that fit what you see", () => import("./commands/lesson-search.ts")],
    ["lesson show", "one lesson as a whole", () => import("./commands/lesson-show.ts")],
    ["lesson add", "keep what you have learned", () => import("./commands/lesson-add.ts")],
    ["lesson check", "run the detectors of all lessons on files", () => import("./commands/lesson-check.ts")],
    ["lesson merge", "make one lesson of two", () => import("./commands/lesson-merge.ts")],
    ["lesson stats", "how many there are, and which came back", () => import("./commands/lesson-stats.ts")],
    ["search", "find memos, runbooks, records, lessons and plans by words", () => import("./commands/search.ts")],
    ["context", "exactly what a session would be told, and what was left out", () => import("./commands/context.ts")],
    ["cost", "what agents have cost, by node, agent and month", () => import("./commands/cost.ts")],
  ]),
];

interface Group {
  readonly summary: string;
  readonly section: Section;
  /** The command of the group that its name alone calls. */
  readonly meant?: string;
}

/** What the groups of commands are about. */
export const groups: Readonly<Record<string, Group>> = {
  node: { summary: "make, adopt and list nodes", section: "Set up:" },
  instructions: { summary: "the instruction files of every vendor's agent", section: "Set up:" },
  hooks: { summary: "the guard inside Claude Code, Codex and Gemini CLI", section: "Set up:" },
  guard: { summary: "what agents may do by themselves", section: "Look:" },
  audit: { summary: "the trail of approvals, executions and denials", section: "Look:" },
  memo: { summary: "write, send, answer, complete and read memos", section: "Write and read:" },
  stage: { summary: "the declared stages of a platform, from plan to complete", section: "Infrastructure:" },
  mcp: { summary: "this node inside Claude Code, Codex, Gemini CLI and others", section: "Work:", meant: "serve" },
  lesson: { summary: "what was learned from failures, and the detectors that watch for them", section: "Look:" },
  secret: { summary: "the commands that print what steps need", section: "Decide:", meant: "list" },
  facts: {
    summary: "what is true of the platform now, collected by commands that only look",
    section: "Infrastructure:",
  },
  proposal: { summary: "changes of instructions, node.yml, hooks and CI that agents want", section: "Decide:" },
  runbook: { summary: "write, read and check runbooks", section: "Decide:" },
};
