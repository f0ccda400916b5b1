// Apart from runbook-files.ts, which reads runbooks: whoever only names one need not load what parses Markdown and shell.

/** The shortest word by which `findRunbook` finds a runbook that is named after its memo; else its path as given. */
export function runbookReference(path: string): string {
  return /-([0-9a-z]{5})\.md$/.exec(path)?.[1] ?? path;
}
