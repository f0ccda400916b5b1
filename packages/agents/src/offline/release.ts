import { type Deployment, idSuffix, type Verification } from "@memomesh/core";
import type { SessionTarget } from "../agent.ts";
import { quoted, quotedList } from "../quote.ts";
import { fits, type RuleName, rules } from "./fitness.ts";

/** Something that has to be known before the work can go on. */
export interface Lack {
  /** The fact's name in a `yaml deploy` block; undefined when the answer is no fact. */
  readonly field?: keyof Deployment | "artifact";
  readonly sentence: string;
  /** Who can know it. */
  readonly whom: "sender" | "operator";
}

/** A deployment whose facts are fit to stand in file names, YAML and shell text. */
export interface Release {
  readonly app: string;
  readonly version: string;
  readonly target: SessionTarget & { readonly name: string };
  /** Name of the release's own folder: the day, the version, and the end of the memo's id, so that no two are alike. */
  readonly name: string;
  readonly port?: number;
  readonly domain?: string;
  readonly env: readonly string[];
  readonly needs: readonly string[];
  readonly memory?: string;
  readonly cpus?: number;
  readonly verify: readonly Verification[];
}

type Targets = Readonly<Record<string, SessionTarget>>;

/** What of the facts is missing or cannot be used; empty when {@link releaseOf} may be called. */
export function lacksOf(facts: Deployment, targets: Targets, rollback: boolean): readonly Lack[] {
  const { port, domain, env, needs, resources, artifacts } = facts;
  return [
    ...required("app", facts.app),
    ...(rollback ? [] : required("version", facts.version)),
    ...targetLacks(facts.target, targets),
    ...(rollback || artifacts.length > 0
      ? []
      : [missing("artifact", "what was built and where it lies, such as `{ kind: static, path: dist }`")]),
    ...(domain === undefined || fits("domain", domain) ? [] : [unfit("domain", domain, "domain")]),
    ...(port === undefined || (Number.isInteger(port) && port > 0 && port < 65_536)
      ? []
      : [unfit("port", String(port), undefined, "a number from 1 to 65535")]),
    ...env.filter((name) => !fits("env", name)).map((name) => unfit("env", name, "env")),
    ...needs.filter((name) => !fits("need", name)).map((name) => unfit("needs", name, "need")),
    ...(resources?.memory === undefined || fits("memory", resources.memory)
      ? []
      : [unfit("resources", resources.memory, "memory")]),
    ...(resources?.cpus === undefined || (resources.cpus > 0 && resources.cpus <= 1024)
      ? []
      : [unfit("resources", String(resources.cpus), undefined, "a number of processors such as 0.5")]),
  ];
}

/**
 * @param facts of which {@link lacksOf} found nothing missing
 * @param now ISO 8601
 * @param id of the memo
 */
export function releaseOf(facts: Deployment, targets: Targets, now: string, id: string): Release {
  const { app = "", version = "", target: name = "", port, domain, env, needs, resources, verify } = facts;
  return {
    app,
    version,
    target: { ...(targets[name] as SessionTarget), name },
    name: `${now.slice(0, 10)}-${version}-${idSuffix(id)}`,
    env,
    needs,
    verify,
    ...(port === undefined ? {} : { port }),
    ...(domain === undefined ? {} : { domain: domain.toLowerCase() }),
    ...(resources?.memory === undefined ? {} : { memory: resources.memory.replace(/^(\d+[kmg]?)i?b?$/i, "$1") }),
    ...(resources?.cpus === undefined ? {} : { cpus: resources.cpus }),
  };
}

function required(field: "app" | "version", value: string | undefined): Lack[] {
  if (value === undefined) return [missing(field, rules[field].expected)];
  return fits(field, value) ? [] : [unfit(field, value, field)];
}

function targetLacks(name: string | undefined, targets: Targets): Lack[] {
  const names = Object.keys(targets).sort();
  if (names.length === 0) {
    return [{ sentence: "mesh.yml has no target, so there is no place where a runbook could run.", whom: "operator" }];
  }
  if (name === undefined) return [missing("target", `one of ${quotedList(names)}`)];
  if (Object.hasOwn(targets, name)) return [];
  return [
    {
      field: "target",
      sentence: `The mesh has no target ${quoted(name)}; expected one of ${quotedList(names)}.`,
      whom: "sender",
    },
  ];
}

function missing(field: NonNullable<Lack["field"]>, expected: string): Lack {
  return { field, sentence: `The memo does not say the ${field}; expected ${expected}.`, whom: "sender" };
}

/** A value that somebody meant seriously and that cannot be used is asked again, never guessed. */
function unfit(field: NonNullable<Lack["field"]>, value: string, rule: RuleName | undefined, expected?: string): Lack {
  const wanted = rule === undefined ? expected : rules[rule].expected;
  return { field, sentence: `The ${field} ${quoted(value)} cannot be used; expected ${wanted}.`, whom: "sender" };
}
