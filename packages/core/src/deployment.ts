import type { MemoBody, MemoFence } from "./body.ts";
import { readDeploymentProse } from "./deployment-prose.ts";
import { type Deployment, deploymentOf, deploymentSchema } from "./deployment-schema.ts";
import { envNames } from "./env-names.ts";
import { MeshError } from "./error.ts";
import type { Memo } from "./memo.ts";
import { readYaml } from "./yaml.ts";

/**
 * The facts of a deployment: what the fenced `yaml deploy` block says, and for what it leaves out, what the memo says in
 * sections and items such as `- Version: 1.4.2`.
 *
 * @returns undefined when the memo holds no such facts
 * @throws MeshError `deployment.block`, `deployment.env` or `deployment.twice` with file and line
 * @see docs/formats.md, "Deployment facts"
 */
export function readDeployment(memo: Memo, body: MemoBody): Deployment | undefined {
  const [fence, second] = body.fences.filter(({ lang, meta }) => /^ya?ml$/i.test(lang) && /^deploy\b/i.test(meta));
  if (second !== undefined) {
    throw new MeshError("deployment.twice", "this is a second block `yaml deploy`; expected one in a memo.", {
      place: { file: memo.file, line: second.line },
    });
  }
  const prose = readDeploymentProse(memo);
  if (fence === undefined) return prose;
  const block = readBlock(fence, memo.file);
  if (prose === undefined) return block;
  return {
    ...prose,
    ...block,
    artifacts: either(block.artifacts, prose.artifacts),
    env: either(block.env, prose.env),
    needs: either(block.needs, prose.needs),
    verify: either(block.verify, prose.verify),
  };
}

function either<T>(first: readonly T[], second: readonly T[]): readonly T[] {
  return first.length > 0 ? first : second;
}

function readBlock(fence: MemoFence, file: string): Deployment {
  const line = fence.line + 1;
  const block = readYaml(fence.text, deploymentSchema, { file, line, code: "deployment.block" }, "text");
  const lineOfEnv = fence.text.split("\n").findIndex((each) => each.startsWith("env")) + line;
  return deploymentOf(block, envNames(block.env, { file, line: lineOfEnv }));
}
