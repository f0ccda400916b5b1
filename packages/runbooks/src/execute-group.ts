import type { GroupTarget, SingleTarget } from "@memomesh/core";
import { endText } from "./end-text.ts";
import type { End, Phase } from "./event.ts";
import type { Execution } from "./execute.ts";
import { executeFence } from "./execute-fence.ts";
import { hostStates } from "./host-state.ts";
import { currentEvents, note, type Review } from "./review.ts";
import type { ReviewedStep } from "./snapshot.ts";
import { succeeded } from "./step-state.ts";

interface GroupPhase {
  readonly phase: Phase;
  readonly text: string;
  readonly digest: string;
}

/** What came of it on one host; `check`: the step itself worked there and its check did not. */
interface HostEnd {
  readonly host: string;
  readonly execution: Execution;
  readonly check: boolean;
}

/**
 * Runs one fence of a step on the hosts of a group, one after the other or all at once; no further host is begun after
 * the first failure. A step is checked on each host right after it ran there, so that a canary tells before the next
 * host follows. The journal says for each host that it began and how it ended.
 *
 * A step that is in place on some hosts is not run there again, unless it is in place on all of them: then a person has
 * asked for all of it once more. An undo goes to the hosts where the step was begun, the latest first.
 */
export async function executeGroup(
  review: Review,
  found: ReviewedStep,
  group: GroupTarget,
  start: GroupPhase,
): Promise<Execution> {
  const begin = performance.now();
  const hosts = await hostsFor(review, found, group, start);
  const ends = await (group.order === "parallel" && start.phase !== "undo" ? atOnce : inTurn)(hosts, (host) =>
    runOn(review, found, host, start),
  );
  const left = hosts.slice(ends.length).map(({ name }) => name);
  const texts = ends.map(({ host, check, execution: { end, output } }) => {
    return `${host}: ${check ? "its check: " : ""}${endText(end)}\n${output.text}`;
  });
  return {
    end: groupEnd(ends, left),
    milliseconds: Math.round(performance.now() - begin),
    output: { text: texts.join(""), omitted: ends.reduce((sum, { execution }) => sum + execution.output.omitted, 0) },
    leftovers: ends.some(({ execution }) => execution.leftovers),
  };
}

async function hostsFor(
  { reviewed }: Review,
  { step }: ReviewedStep,
  { members }: GroupTarget,
  { phase, digest }: GroupPhase,
): Promise<readonly SingleTarget[]> {
  if (phase === "check") return members;
  const states = hostStates(await currentEvents(reviewed), step.number);
  if (phase === "undo") {
    const begun = states.map(({ host }) => host).reverse();
    return begun.flatMap((host) => members.find(({ name }) => name === host) ?? []);
  }
  const done = states.filter((each) => each.state === "done" && each.digest === digest).map(({ host }) => host);
  const open = members.filter(({ name }) => !done.includes(name));
  return open.length === 0 ? members : open;
}

type RunOn = (host: SingleTarget) => Promise<HostEnd>;

async function inTurn(hosts: readonly SingleTarget[], run: RunOn): Promise<readonly HostEnd[]> {
  const ends: HostEnd[] = [];
  for (const host of hosts) {
    const ended = await run(host);
    ends.push(ended);
    if (!succeeded(ended.execution.end)) break;
  }
  return ends;
}

async function atOnce(hosts: readonly SingleTarget[], run: RunOn): Promise<readonly HostEnd[]> {
  return Promise.all(hosts.map(run));
}

async function runOn(review: Review, found: ReviewedStep, host: SingleTarget, start: GroupPhase): Promise<HostEnd> {
  const execution = await noted(review, found, host, start);
  const { check } = found.step;
  if (start.phase !== "run" || check === undefined || !succeeded(execution.end))
    return { host: host.name, execution, check: false };
  const checked = await noted(review, found, host, { ...start, phase: "check", text: check.text });
  return { host: host.name, execution: succeeded(checked.end) ? execution : checked, check: !succeeded(checked.end) };
}

/** One fence on one host, with the journal written before and after. */
async function noted(review: Review, found: ReviewedStep, host: SingleTarget, start: GroupPhase): Promise<Execution> {
  const { phase, digest } = start;
  const about = { step: found.step.number, phase, host: host.name };
  await note(review, { type: "host-started", ...about, digest });
  const onOutput = review.onOutput && byLine(host.name, review.onOutput);
  const attended = { ...review, ...(onOutput && { onOutput }) };
  const execution = await executeFence(attended, found, host, start, (spawned) =>
    note(review, { type: "spawned", step: about.step, phase, ...spawned }),
  );
  const { end, milliseconds, output } = execution;
  await note(review, {
    type: "host-finished",
    ...about,
    end,
    milliseconds,
    output: output.text,
    omitted: output.omitted,
  });
  return execution;
}

/** Puts the host's name before each line, so that several can be told apart. */
function byLine(host: string, onOutput: (text: string) => void): (text: string) => void {
  let rest = "";
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onOutput(`${host}: ${line}\n`);
  };
}

function groupEnd(ends: readonly HostEnd[], left: readonly string[]): End {
  const failed = ends.filter(({ execution }) => !succeeded(execution.end));
  if (failed.length === 0) return { kind: "exited", exit: 0 };
  const why = failed.map(
    ({ host, check, execution: { end } }) => `${host}: ${check ? "its check: " : ""}${endText(end)}`,
  );
  const rest = left.length === 0 ? [] : [`not begun on ${left.join(", ")}`];
  const reason = [...why, ...rest].join("; ");
  if (failed.some(({ execution: { end } }) => end.kind === "lost")) return { kind: "lost", reason };
  // A check that could not be started follows a step that has run.
  if (ends.every(({ check, execution: { end } }) => !check && end.kind === "not-started"))
    return { kind: "not-started", reason };
  return { kind: "partial", reason };
}
