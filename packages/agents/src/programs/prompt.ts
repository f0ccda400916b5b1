import type { SessionKnowledge } from "../agent.ts";
import { type AssembledContext, assembleContext } from "../session/assemble.ts";
import type { Program } from "./program.ts";

/** What a session tells a program at the beginning, in estimated tokens. The program reads the rest by itself. */
const budgetTokens = 60_000;
/** Parts that the program sees by looking into its folder. */
const visible = new Set(["files", "granted"]);
const seenThere = "the program sees it in its folder";

/** What a program is told: what any model is told, but for the tools, of which it has its own. */
export async function programPrompt(
  knowledge: SessionKnowledge,
  { title }: Pick<Program, "title">,
  memoTools: readonly string[],
): Promise<AssembledContext> {
  const { system, parts: all } = await assembleContext(knowledge, budgetTokens);
  const parts = all.map((part) => (visible.has(part.name) ? { ...part, text: "", tokens: 0, left: seenThere } : part));
  const told = parts.filter(({ text }) => text !== "").map(({ text }) => text);
  return { system: `${system}\n${here(title, knowledge.node.path, memoTools)}`, parts, prompt: told.join("\n\n") };
}

function here(title: string, path: string, memoTools: readonly string[]): string {
  return `# In this program
Where this differs from the rules above, this holds.
- You run in ${title}, in a private copy of what your node may see. The folder in which you start is ${path}; other nodes' files that you may read lie where they lie in the mesh, as seen from there. Nothing else of the mesh exists here.
- Use your own tools to list, search, read and write files. What you write in your node's folder is taken over when the session ends and has passed the checks; what you write anywhere else is thrown away. Links, programs and other files that are no text are not taken over.
- You may run commands in this copy as far as the guard lets you; when it refuses one, do not try to get around it. No command reaches a target or the network.
- ${memoTools.join(", ")} are tools of the MCP server "memomesh". Mail, runbooks, STATE.md, lessons and the end of the session go through them and not through files.
`;
}
