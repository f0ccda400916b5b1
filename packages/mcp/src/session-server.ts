import { openSessionDesk, type SessionTool } from "@memomesh/agents";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { CallToolRequestSchema, type CallToolResult, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { refusalText } from "./tool.ts";

/**
 * The tools of one session, for a program that works on a memo in a checkout of its own. A call is tried out on the
 * session's desk, and what it would be refused for is told at once; what is accepted is written down, and whoever started
 * the program applies it when that has ended. No mesh is read.
 *
 * @param folder what the adapter of the program has left
 * @throws MeshError `agent.program.session` when that cannot be used
 */
export async function sessionServer(folder: string, version: string): Promise<Server> {
  const desk = await openSessionDesk(folder);
  const { node, memo } = desk.knowledge;
  const recipients = ["operator", ...node.send].join(", ");
  const instructions = `You work at the node ${node.id} on memo ${memo.header.id}. It may write to ${recipients}. What you do here is applied when the session has ended; end it with finish.`;
  const server = new Server({ name: "memomesh", version }, { capabilities: { tools: {} }, instructions });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: desk.tools.map(listed) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }): Promise<CallToolResult> => {
    const answer = await desk
      .use(params.name, params.arguments ?? {})
      .catch((error: unknown) => ({ text: refusalText(error), failed: true }));
    return { content: [{ type: "text", text: answer.text }], isError: answer.failed };
  });
  return server;
}

function listed({ name, description, input }: SessionTool) {
  return { name, description, inputSchema: { ...input, type: "object" as const } };
}
