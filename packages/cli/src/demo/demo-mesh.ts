import { execFile } from "node:child_process";
import { mkdtemp, readFile, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { initRepository } from "@memomesh/mailbox";
import { copyExample } from "@memomesh/mesh";

const execute = promisify(execFile);

/** A copy of the example mesh in a temporary folder, with a git history of its own. */
export interface DemoMesh {
  readonly root: string;
  /** The developer's website. */
  readonly site: string;
  /** Where the staging target keeps the current release. */
  readonly current: string;
}

export async function makeDemoMesh(): Promise<DemoMesh> {
  const root = await mkdtemp(join(tmpdir(), "memomesh-demo-"));
  await copyExample(root);
  const repository = await initRepository(root);
  const paths = (await repository.uncommitted([root])).map(({ path }) => path);
  await repository.commit([{ paths, subject: "Begin with the example mesh", trailers: [] }]);
  const current = join(root, "targets", "staging", "harbour", "current");
  return { root, site: join(root, "projects", "developer", "site"), current };
}

/**
 * Sets the website's version and builds it, with its own build.
 *
 * @returns what the build printed
 */
export async function buildSite({ site }: DemoMesh, version: string): Promise<string> {
  const file = join(site, "package.json");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace(/"version": "[^"]*"/, `"version": "${version}"`));
  const { stdout } = await execute(process.execPath, ["build.mjs"], { cwd: site });
  return stdout.trim();
}

/** Drops a memo into the developer's outbox as any editor would: a file with a name of its own, without an id. */
export async function dropMemo({ root }: DemoMesh, name: string, source: string): Promise<string> {
  const path = join("projects", "developer", "memos", "outgoing", name);
  await writeFile(join(root, `${path}.tmp`), source);
  await rename(join(root, `${path}.tmp`), join(root, path));
  return path;
}

export function deploymentMemo(version: string, news: string): string {
  return `---
to: sysadmin
priority: high
type: deployment
---
# Deploy harbour ${version} to staging

## Context
${news} The build is in \`site/dist\`; it is static and needs no environment variables.

\`\`\`yaml deploy
app: harbour
version: ${version}
target: staging
artifact: { kind: static, path: site/dist }
verify: [{ command: "test -f index.html" }, { command: "grep -qx ${version} version.txt" }]
\`\`\`

## Action items
- [ ] Prepare the staging deployment
- [ ] Keep the previous release for rollback
- [ ] Put ${version} in place and verify it

## Completion
`;
}

export function rollbackMemo(version: string): string {
  return `---
to: sysadmin
priority: urgent
type: deployment
---
# Roll back harbour on staging

## Context
${version} shows the wrong opening hours. Go back to the release before it.

\`\`\`yaml deploy
app: harbour
target: staging
rollback: true
\`\`\`

## Action items
- [ ] Switch back to the previous release
`;
}
