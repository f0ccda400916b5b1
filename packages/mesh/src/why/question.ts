/** Whether a text asks why something is as it is, and not for something to be done. Pure. */
export function asksWhy(text: string): boolean {
  return /\bwhy\b|\bwho (?:asked|wanted|decided|approved|allowed|opened)\b/i.test(text);
}

/**
 * What a question asks about, as `why` takes it: paths with or without a line, ports, and what is named as a service, a
 * stage, a runbook or a lesson. Pure.
 */
export function subjectsIn(question: string): readonly string[] {
  const paths = all(
    question,
    /(?:[\w.@-]+:)?[\w.@-]*(?:\/[\w.@-]+)+(?::\d+)?|[\w-]+\.(?:ya?ml|md|conf|json|toml|sh)(?::\d+)?/g,
  );
  const rest = paths.reduce((text, path) => text.replace(path, " "), question);
  const isAboutPorts = /\b(?:ports?|open|listen\w*|expos\w*|publish\w*|reach\w*)\b/i.test(rest);
  const ports = isAboutPorts ? all(rest, /\b\d{2,5}\b/g) : [];
  const named = [
    ...rest.matchAll(/\b(?:service|container|stage|runbook|lesson)\s+["'`]?([\w.#-]*\w)/gi),
    ...rest.matchAll(/["'`]?(\w[\w.-]*)["'`]?\s+(?:service|container)\b/gi),
    ...rest.matchAll(/["'`]([^"'`]+)["'`]/g),
  ].flatMap(([, name]) => name ?? []);
  return [
    ...new Set([...paths.map((path) => path.replace(/\.$/, "")), ...ports.map((port) => `port ${port}`), ...named]),
  ];
}

function all(text: string, pattern: RegExp): readonly string[] {
  return text.match(pattern) ?? [];
}
