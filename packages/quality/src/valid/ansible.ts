import { cost, type Flaw } from "../finding.ts";
import type { ReadFile } from "../material.ts";
import { at, entriesOf, isSet, itemsOf, textOf, type YamlNode } from "../yaml/node.ts";
import { nearest } from "./wording.ts";

const words = (text: string) => new Set(text.split(" "));

/** What every play, block and task may say (ansible-core 2.14 to 2.19). */
const shared =
  "name any_errors_fatal become become_exe become_flags become_method become_user check_mode collections connection debugger diff environment ignore_errors ignore_unreachable module_defaults no_log port remote_user run_once tags throttle timeout vars when";

const playKeys = words(
  `${shared} hosts fact_path force_handlers gather_facts gather_subset gather_timeout handlers max_fail_percentage order post_tasks pre_tasks roles serial strategy tasks vars_files vars_prompt import_playbook validate_argspec`,
);

const taskKeys = words(
  `${shared} action args async changed_when delay delegate_facts delegate_to failed_when local_action loop loop_control notify poll register retries until listen block rescue always`,
);

/** What Ansible would refuse when it reads the file, before anything runs. */
export function ansibleFlaws({ kind, path, documents }: ReadFile): Flaw[] {
  const [document] = documents;
  if (document?.kind !== "list") return [refused(path, document?.line ?? 1, "this is no list of plays or tasks")];
  if (kind === "ansible-tasks") return document.items.flatMap((task) => taskFlaws(path, task));
  return document.items.flatMap((play) => playFlaws(path, play));
}

function refused(file: string, line: number, text: string, fix?: string): Flaw {
  return { file, line, text, cost: cost.serious, blocks: true, ...(fix === undefined ? {} : { fix }) };
}

function playFlaws(file: string, play: YamlNode): Flaw[] {
  const imports = [...entriesOf(play).keys()].some((name) => /^(?:ansible\.builtin\.)?import_playbook$/.test(name));
  if (play.kind !== "map" || (!isSet(at(play, "hosts")) && !imports)) {
    return [refused(file, play.line, "this play has no hosts")];
  }
  const unknown = [...play.entries].flatMap(([name, { line }]) => {
    if (playKeys.has(name) || name.includes(".")) return [];
    const near = nearest(name, playKeys);
    return [refused(file, line, `${name} is nothing that a play can say`, near && `did you mean ${near}?`)];
  });
  const tasks = ["tasks", "pre_tasks", "post_tasks", "handlers"].flatMap((part) => itemsOf(at(play, part)));
  return [...unknown, ...tasks.flatMap((task) => taskFlaws(file, task))];
}

function taskFlaws(file: string, task: YamlNode): Flaw[] {
  if (task.kind !== "map") return [refused(file, task.line, "this task has no content")];
  const blocks = ["block", "rescue", "always"].flatMap((part) => itemsOf(at(task, part)));
  if (blocks.length > 0) return blocks.flatMap((inner) => taskFlaws(file, inner));
  const modules = [...task.entries].filter(([name]) => !taskKeys.has(name) && !name.startsWith("with_"));
  const name = textOf(at(task, "name"));
  const called = name === undefined ? "this task" : `the task "${name.slice(0, 60)}"`;
  if (modules.length === 1 || task.entries.has("action") || task.entries.has("local_action")) return [];
  if (modules.length === 0) return [refused(file, task.line, `${called} calls no module`)];
  const near = modules.map(([word]) => nearest(word, taskKeys)).find((word) => word !== undefined);
  const found = modules.map(([word]) => word).join(" and ");
  return [refused(file, task.line, `${called} calls more than one module: ${found}`, near && `did you mean ${near}?`)];
}
