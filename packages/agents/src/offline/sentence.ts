import type { Deployment } from "@memomesh/core";

/** Words that stand behind "deploy" and are no app. */
const others = /^(?:a|an|all|and|every|everything|from|in|into|it|my|on|our|that|the|them|these|this|those|to|with)$/i;

/** From how many facts beside the app on a sentence is taken for a deployment. */
const fewestFacts = 2;

/**
 * The deployment that one sentence asks for: "Deploy shop 1.4.2 from the image ghcr.io/acme/shop:1.4.2 to staging on port
 * 8443, with 256M of memory". Only what stands in it word by word is taken.
 *
 * @param targets names of the targets that there are
 * @returns undefined when it says too little to be meant so
 */
export function deploymentSentence(text: string, targets: Iterable<string>): Deployment | undefined {
  const sentence = text.replace(/\s+/g, " ").trim();
  const [, app = "", version, rest = ""] =
    /^(?:please,? )?(?:deploy|roll out|release) ([a-z][\w-]*)(?: (?:version )?(v?\d[\w.+-]*\w|\d))?\b(.*)$/i.exec(
      sentence,
    ) ?? [];
  if (app === "" || others.test(app)) return undefined;
  const found = (pattern: RegExp) => pattern.exec(rest)?.[1]?.replace(/[.,;:!?]+$/, "");
  const known = new Set(targets);
  const target = [...rest.matchAll(/\b(?:to|on|onto|in|at) (?:the )?([a-z][a-z0-9-]*)/gi)]
    .map(([, name = ""]) => name.toLowerCase())
    .find((name) => known.has(name));
  const image =
    found(/\bimage:? ([^\s,;]+)/i) ??
    found(/(?:^|\s)((?:[\w.-]+(?::\d+)?\/)+[\w.-]+:[\w][\w.-]*(?:@sha256:[0-9a-f]{64})?)/i);
  const folder = found(/\b(?:folder|directory) ([\w./-]+)/i);
  const port = found(/\bport (\d{1,5})\b/i);
  const domain = found(/\b(?:as|at|for|under|domain) ((?:[a-z0-9-]+\.)+[a-z]{2,})\b/i);
  const memory = found(/\b(\d+ ?[kmg](?:i?b)?)(?: of)? (?:memory|ram)\b/i)?.replace(" ", "");
  const tag = /:(v?\d[\w.+-]*)(?:@|$)/.exec(image ?? "")?.[1];
  const told = {
    ...(version === undefined && tag === undefined ? {} : { version: version ?? tag ?? "" }),
    ...(target === undefined ? {} : { target }),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(domain === undefined ? {} : { domain }),
  };
  const artifacts = [
    ...(image === undefined ? [] : [{ kind: "image", image } as const]),
    ...(folder === undefined ? [] : [{ kind: "static", path: folder } as const]),
  ];
  if (Object.keys(told).length + artifacts.length < fewestFacts) return undefined;
  return {
    app: app.toLowerCase(),
    ...told,
    artifacts,
    env: [],
    needs: [],
    verify: [],
    ...(memory === undefined ? {} : { resources: { memory } }),
  };
}
