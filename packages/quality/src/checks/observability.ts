import { dirname } from "node:path/posix";
import type { OwnPrograms } from "@memomesh/guard";
import type { Check } from "../check.ts";
import { cost, type Flaw } from "../finding.ts";
import type { Material, ReadFile } from "../material.ts";
import { calledBy } from "../shell/called.ts";
import { changesAnything } from "../shell/only-looks.ts";
import { readCommands } from "../shell/read-commands.ts";
import { at, entriesOf, isSet, itemsOf, textOf } from "../yaml/node.ts";

export const observability: Check = {
  id: "observable",
  title: "Observability",
  weight: 4,
  about:
    "Somebody can see afterwards how it does: a runbook that changes something looks at the result from outside (a request, logs, metrics, a status); services say what becomes of their logs, or are scraped; alerts have a duration, a severity and a summary.",
  look(material) {
    const { runbooks, files, guard } = material;
    const changing = runbooks.filter(({ runbook }) =>
      runbook.steps.some(({ run }) => run && changesAnything(run.text, guard?.programs)),
    );
    const compose = files.filter(({ kind, documents }) => kind === "compose" && isSet(at(documents[0], "services")));
    const workloads = files.filter((file) => file.kind === "kubernetes" && keepsPodsRunning(file));
    const rules = files.filter(({ kind }) => kind === "prometheus-rules");
    if (changing.length + compose.length + workloads.length + rules.length === 0) return undefined;
    return [
      ...changing.flatMap(({ path, runbook }) =>
        looksAfterwards(runbook.steps, guard?.programs) ? [] : [unseen(path, runbook.steps)],
      ),
      ...compose.flatMap((file) => logFlaws(file, material)),
      ...workloads.flatMap((file) => scrapeFlaws(file, material)),
      ...rules.flatMap(alertFlaws),
    ];
  },
};

type Steps = NonNullable<ReadFile["runbook"]>["steps"];

/** From the last step that changes something on: it, or a later one, asks the running thing itself. */
function looksAfterwards(steps: Steps, own?: OwnPrograms): boolean {
  const last = steps.findLastIndex(({ run }) => run !== undefined && changesAnything(run.text, own));
  return steps.slice(last).some(({ run, check, prose }) => {
    const asks = [run, check].some(
      (fence) => fence !== undefined && (readCommands(fence.text) ?? []).some(asksTheThing),
    );
    const byHand = run === undefined && /\b(?:logs?|metrics?|dashboard|browser|status|curl|healthz?)\b/i.test(prose);
    return asks || byHand;
  });
}

function asksTheThing(command: Parameters<typeof calledBy>[0]): boolean {
  const { program, args } = calledBy(command);
  if (/^(?:curl|wget|http|nc|dig|journalctl|pg_isready|redis-cli|psql|mysql|promtool|amtool|openssl|ss)$/.test(program))
    return true;
  if (["docker", "docker-compose", "podman"].includes(program))
    return args.some((arg) => /^(?:ps|logs|inspect|exec|--wait)$/.test(arg));
  if (program === "kubectl") return args.some((arg) => /^(?:get|logs|rollout|wait|describe|top)$/.test(arg));
  if (program === "systemctl") return args.some((arg) => /^(?:status|is-active|is-failed)$/.test(arg));
  // What is put in place as files is seen where it lies.
  return ["test", "[", "[[", "grep", "cmp", "diff", "readlink", "stat", "sha256sum"].includes(program);
}

function unseen(file: string, steps: Steps): Flaw {
  const line = steps.at(-1)?.line ?? 1;
  const fix = "end with a step or check that asks what was changed: a request, its logs, its status";
  return { file, line, text: "after the last change nobody looks at the result", cost: cost.serious, fix };
}

function logFlaws({ path, documents }: ReadFile, { workloads, files }: Material): Flaw[] {
  const own = workloads.filter(
    ({ file, keepsRunning, overlay, inherits }) => file === path && keepsRunning && !overlay && !inherits,
  );
  const scraped = files.some(
    ({ path: other, text }) =>
      dirname(other) === dirname(path) && /scrape_configs:|prometheus\.(?:io\/)?scrape|metrics/i.test(text),
  );
  const said = own.some(({ logging }) => logging);
  if (own.length === 0 || said || scraped) return [];
  const line = at(documents[0], "services")?.line ?? 1;
  const fix =
    "bound and keep the logs (`logging: { driver: json-file, options: { max-size: 10m } }`), or say what scrapes them";
  return [
    {
      file: path,
      line,
      text: "no service says what becomes of its logs, and nothing scrapes them",
      cost: cost.notable,
      fix,
    },
  ];
}

function keepsPodsRunning({ documents }: ReadFile): boolean {
  return documents.some((document) =>
    /^(?:Deployment|StatefulSet|DaemonSet)$/.test(textOf(at(document, "kind")) ?? ""),
  );
}

function scrapeFlaws({ path, documents }: ReadFile, { files }: Material): Flaw[] {
  const scraped = files.some(({ text }) =>
    /prometheus\.io\/scrape|kind:\s*(?:ServiceMonitor|PodMonitor|ScrapeConfig)|scrape_configs:|opentelemetry|OTEL_/i.test(
      text,
    ),
  );
  if (scraped) return [];
  const line = documents.find((document) => isSet(at(document, "spec", "template")))?.line ?? 1;
  const fix = "add a ServiceMonitor, or the annotation prometheus.io/scrape";
  return [{ file: path, line, text: "nothing scrapes these pods", cost: cost.notable, fix }];
}

function alertFlaws({ path, documents }: ReadFile): Flaw[] {
  const rules = itemsOf(at(documents[0], "groups")).flatMap((group) => itemsOf(at(group, "rules")));
  return rules.flatMap((rule): Flaw[] => {
    const name = textOf(at(rule, "alert"));
    if (name === undefined) return [];
    const annotations = entriesOf(at(rule, "annotations"));
    const absent = [
      ...(at(rule, "for") === undefined ? ["for:"] : []),
      ...(isSet(at(rule, "labels", "severity")) ? [] : ["labels.severity"]),
      ...(annotations.has("summary") || annotations.has("description") ? [] : ["annotations.summary"]),
    ];
    if (absent.length === 0) return [];
    const fix = "say how long it has to last, how bad it is, and what it means";
    return [
      {
        file: path,
        line: rule.line,
        text: `the alert ${name} has no ${absent.join(", no ")}`,
        cost: cost.notable,
        fix,
      },
    ];
  });
}
