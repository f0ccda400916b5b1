import { type Call, finding } from "../call.ts";
import type { Effect, Finding } from "../classification.ts";
import { mayFind } from "../glob.ts";
import { Inspection } from "../inspect.ts";
import { loweringRule, rulesFor } from "../own-programs.ts";
import { foundName } from "../rules/find.ts";
import { hiddenSecrets, secretRisk } from "../rules/secret-file.ts";
import { secretVariables } from "../rules/secret-variable.ts";
import { type Touch, type Touched, touch } from "../rules/touch.ts";
import { type Argument, after, leadOf, shown, textOf } from "../shell/argument.ts";
import type { SimpleCommand } from "../shell/command.ts";
import { inside } from "../shell/folders.ts";
import { type ReadShell, readPlainShell } from "../shell/read-shell.ts";
import { spotOf } from "../spot.ts";
import { steeringNames, steersAgents } from "../steering.ts";
import { asksOut } from "./asks-out.ts";
import { gitShows } from "./git-shows.ts";
import { checkRead, checkWrite, type Ground, placeOf } from "./ground.ts";
import { projectWork } from "./project-work.ts";
import { partsOf, reachOf } from "./reach.ts";

/** Their arguments are text, patterns or other programs; the files among them are looked at by their own rules. */
const textual = new Set(
  "echo printf : true false test [ [[ (( let expr export readonly declare typeset local set shopt umask ulimit unset read mapfile readarray getopts grep egrep fgrep rg ag ack sed awk gawk mawk nawk jq gron tr seq basename dirname dirs eval trap command builtin exec type hash env timeout nice ionice nohup setsid stdbuf time sh bash dash zsh ksh sleep date wait kill".split(
    " ",
  ),
);
/** They go back to the node's folder, or only say something. */
const harmlessAnywhere = new Set(["cd", "pwd"]);
/** What they unpack has names that are not known here, those of files that steer agents too. */
const unpacking = new Set(["tar", "bsdtar", "unzip", "7z", "7za", "7zr", "cpio", "rsync", "patch"]);

/** What they tell lies in logs and settings of the machine, outside of every project. */
const ofTheMachine = new Set(["journalctl", "dmesg", "last", "lastb", "lastlog", "systemctl", "loginctl", "nginx"]);

/** Options by which tools of a project write somewhere, and those that only say where something is found. */
const writing =
  /^(?:-o.*|-w|-i|-d|--write|--fix|--in-place|--out.*|--dest.*|--dist.*|--declarationDir|--cache-location)$/;
const searching = /^-(?:I|L|isystem|B)|^--?sysroot/;

/** They give files another name, under which nobody would know them for what they are, or hand them to others. */
const carrying = new Set(["mv", "find", "zip"]);

/**
 * Looks at a command as one that an agent wants to run itself: with the folders in which its node may read and write,
 * and with the programs by which a project is linted, tested and built.
 */
export class AgentInspection extends Inspection {
  override readonly read: ReadShell;
  readonly #ground: Ground;
  readonly #cwd: string;

  /** @param read how shell text is read; what is to be allowed must have been read by both parsers */
  constructor(ground: Ground, cwd: string, read: ReadShell = readPlainShell) {
    super(ground.programs);
    this.read = read;
    this.#ground = ground;
    this.#cwd = cwd;
  }

  override command(command: SimpleCommand, from?: Call): readonly Finding[] {
    return [...secretVariables(command, "high"), ...super.command(command, from)];
  }

  override program(words: readonly Argument[], from: Call): readonly Finding[] {
    const [first, ...args] = words;
    if (first === undefined) return [];
    const call: Call = { ...from, name: shown(first), args };
    const name = (textOf(first) ?? "").replace(/^.*\//, "");
    const own = this.#ownRules(call);
    if (own.denied) return [finding(call, "high", ["unknown"], "is not for agents to run, by the rules of mesh.yml")];
    const work = own.allowed ? args : projectWork(words);
    if (work !== undefined) {
      return [
        finding(call, "low", ["read", "write"], own.allowed ? "may be run by agents" : "works on the project"),
        ...work
          .filter(namesSteering)
          .map((argument) =>
            finding(call, "high", ["write"], "may write what steers agents, git or the mesh", argument),
          ),
        ...this.#arguments(work, call),
        ...this.#outputs(work, call),
        ...this.#folders(call),
      ];
    }
    const found = super.program(words, from);
    return [
      ...(unpacking.has(name) ? found.map(onlyLow) : found),
      ...words
        .filter(holdsCode)
        .map((word) => finding(call, "high", ["unknown"], "has a pattern in which some shells find a command", word)),
      ...(carrying.has(name) ? args.filter(namesSecret) : []).map((argument) =>
        finding(call, "high", ["secret"], `takes ${shown(argument)}, which holds secrets by its name`, argument),
      ),
      ...asksOut(call, name),
      ...(ofTheMachine.has(name)
        ? [finding(call, "high", ["service"], "tells about the machine, not the project")]
        : []),
      ...(name === "git" ? gitShows(call, this.#ground.sharedRepository) : []),
      ...(textual.has(name) ? [] : this.#arguments(args, call)),
      ...(harmlessAnywhere.has(name) ? [] : this.#folders(call)),
    ];
  }

  /** What mesh.yml says about agents that want to run this. */
  #ownRules(call: Call): { readonly denied: boolean; readonly allowed: boolean } {
    const own = this.#ground.programs ?? {};
    const rules = rulesFor(own, call.name, call);
    return {
      denied: rules.some(({ mayAgentRun }) => mayAgentRun === false),
      allowed: loweringRule(own, call.name, call)?.mayAgentRun === true,
    };
  }

  /** Programs of which nobody has said which arguments are files: whatever may be a path elsewhere counts as one. */
  #arguments(args: readonly Argument[], call: Call): readonly Finding[] {
    return args.flatMap((argument) =>
      pathsIn(argument).flatMap((path) =>
        call.folders.flatMap((folder) => {
          const reach = this.#reach(inside(folder, path.parts));
          if (reach === undefined) return [];
          const decision = checkRead(this.#ground, reach.path);
          return decision.allowed
            ? []
            : [finding(call, "high", ["read"], `is given ${shown(path)}: ${decision.reason}`, argument)];
        }),
      ),
    );
  }

  /** A tool that may be read from anywhere, such as a compiler, writes in the node's own folder only. */
  #outputs(args: readonly Argument[], call: Call): readonly Finding[] {
    if (!args.some((argument) => writing.test(leadOf(argument).replace(/=.*$/s, "")))) return [];
    const written = args.filter((argument) => !searching.test(leadOf(argument)));
    return written.flatMap((argument) =>
      pathsIn(argument).flatMap((path) =>
        call.folders.flatMap((folder) => {
          const reach = this.#reach(inside(folder, path.parts));
          const decision = reach === undefined ? undefined : checkWrite(this.#ground, reach.path);
          return decision === undefined || decision.allowed
            ? []
            : [finding(call, "high", ["write"], `may write to ${shown(path)}: ${decision.reason}`, argument)];
        }),
      ),
    );
  }

  #folders(call: Call): readonly Finding[] {
    const { id, folder } = this.#ground.node;
    const away = call.folders.some((parts) => {
      const reach = this.#reach(parts);
      return (
        reach === undefined ||
        !["own", "temporary"].includes(placeOf(this.#ground, this.#ground.realPath(reach.path)).kind)
      );
    });
    return away
      ? [finding(call, "high", ["read"], `runs outside of ${id}'s folder; \`cd ${folder}\` alone leads back`)]
      : [];
  }

  override touch(what: Touch, path: Argument["parts"], asWritten: string): Touched | undefined {
    const zone = spotOf(path).zone;
    const [only, ...others] = path;
    // `<(…)`: what stands in it is looked at by itself.
    if (what === "read" && others.length === 0 && only?.kind === "unknown" && only.stream === true) return undefined;
    if (what === "look" || zone === "sink" || zone === "socket" || zone === "device")
      return super.touch(what, path, asWritten);
    const reads = what === "read" || what === "point";
    const effect: Effect = reads ? "read" : what === "write" ? "write" : "delete";
    const verb = { read: "reads", point: "points a link at", write: "writes to", delete: "deletes", erase: "deletes" }[
      what
    ];
    const refused = (why: string): Touched => ({
      risk: "high",
      effects: [effect],
      text: `${verb} ${asWritten}: ${why}`,
    });
    const reach = this.#reach(path);
    if (reach === undefined) return refused("where that is cannot be known before it runs");
    // `>! file` is `> file` in zsh; bash takes the "!" for the file.
    if (what === "write" && asWritten.startsWith("!")) return refused("not every shell takes that for the same file");
    const decision = reads ? checkRead(this.#ground, reach.path) : checkWrite(this.#ground, reach.path);
    if (!decision.allowed) return refused(decision.reason);
    const place = placeOf(this.#ground, this.#ground.realPath(reach.path));
    const searched = reads ? reach.patterns : reach.patterns.filter((pattern) => pattern === place.names[0]);
    // What `find` finds in the node's own folder may be anything in it.
    if (!reads && place.names[0] === foundName) return refused("it may be what is not the agent's to use");
    const kept = reads ? hiddenSecrets : [...steeringNames];
    if (searched.some((pattern) => kept.some((name) => mayFind(pattern, name))))
      return refused("its pattern may find what is not the agent's to use");
    if (place.kind !== "own") return { risk: "low", effects: [effect], text: `${verb} ${asWritten}` };
    return touch(what, spotOf(partsOf(place.names, reach.patterns)), asWritten);
  }

  #reach(parts: Argument["parts"]) {
    const { home, temporary } = this.#ground;
    return reachOf(parts, { cwd: this.#cwd, home, temporary: temporary[0] ?? "/tmp" });
  }
}

/** Whether a tool of the project is pointed at what no agent may change; a tool that only reads it has no need to be. */
function namesSteering(argument: Argument): boolean {
  return (textOf(argument) ?? "").split(/[/=:,]/).some(steersAgents);
}

function namesSecret(argument: Argument): boolean {
  return secretRisk((textOf(argument) ?? "").split("/")) !== undefined;
}

function onlyLow(found: Finding): Finding {
  return found.risk === "low" ? found : { ...found, risk: "high" };
}

function holdsCode({ parts }: Argument): boolean {
  return parts.some((part) => part.kind === "glob" && part.text.includes("("));
}

/** The paths that an argument may hold: itself, and what stands behind `=`, `@`, `:` or a short option. */
function pathsIn(argument: Argument): readonly Argument[] {
  const lead = leadOf(argument);
  if (/\s/.test(lead) || /^[a-z]+:\/\//i.test(lead)) return [];
  const starts = [0, /^-[A-Za-z]/.test(lead) ? 2 : 0, ...["=", "@", ":"].map((mark) => lead.indexOf(mark) + 1)];
  return [...new Set(starts)]
    .map((start) => after(argument, start))
    .map((path) => ({ ...path, parts: path.parts.filter((part) => part.kind !== "text" || part.text !== "") }))
    .filter((path) => path.parts[0]?.kind === "root" || /^[/~]|(?:^|\/)\.\.(?:\/|$)/.test(leadOf(path)));
}
