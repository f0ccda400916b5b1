import { basename } from "node:path";
import { idSuffix, MeshError } from "@memomesh/core";
import { safeText } from "@memomesh/guard";
import { type MeshNode, nodesFrom, readBox, sessionFiles } from "@memomesh/mesh";
import { type McpServer, ResourceTemplate } from "@modelcontextprotocol/sdk/server/mcp.js";
import { ErrorCode, McpError, type ReadResourceResult } from "@modelcontextprotocol/sdk/types.js";
import type { Caller } from "./caller.ts";
import { memoText, openMemo } from "./own-memo.ts";
import { openableRunbook, readableRunbooks } from "./runbook.ts";
import { shortly } from "./told.ts";
import { listedOf } from "./tools/inbox.ts";
import { readStateText } from "./tools/state.ts";

type Ask = () => Promise<Caller>;

const mimeType = "text/markdown";
/** How many of the archived memos are listed; each can be read by its id. */
const mostArchived = 50;
const mostCompletions = 100;

/** Memos, runbooks and STATE.md as documents that a client can put into a conversation. */
export function offerResources(server: McpServer, caller: Ask): void {
  const about = {
    title: "State of this node",
    description: "STATE.md: read it first, bring it up to date last",
    mimeType,
  };
  server.registerResource("state", "memomesh://state", about, (uri) =>
    read(uri, async () => safeText(await readStateText(await caller()), { newlines: true })),
  );
  offerMemos(server, caller);
  offerRunbooks(server, caller);
}

function offerMemos(server: McpServer, caller: Ask): void {
  const template = new ResourceTemplate("memo://{id}", {
    list: async () => ({
      resources: (await memosOf(await caller())).map(({ id, from, subject, status }) => ({
        uri: `memo://${id}`,
        name: `memo ${idSuffix(id)}`,
        title: subject,
        description: `from ${from}, ${status}`,
        mimeType,
      })),
    }),
    complete: {
      id: async (typed) =>
        (await memosOf(await caller()))
          .map(({ id }) => id)
          .filter(startsOrEnds(typed))
          .slice(0, mostCompletions),
    },
  });
  const about = { title: "A memo of this node", description: "By its id, or the last five characters of it", mimeType };
  server.registerResource("memo", template, about, (uri, { id }) =>
    read(uri, async () => memoText((await openMemo(await caller(), String(id))).memo)),
  );
}

function offerRunbooks(server: McpServer, caller: Ask): void {
  const names = async (who: Caller) => (await readableRunbooks(who)).map(({ path }) => basename(path, ".md"));
  const template = new ResourceTemplate("runbook://{name}", {
    list: async () => ({
      resources: (await names(await caller())).map((name) => ({
        uri: `runbook://${name}`,
        name,
        description: "a runbook, as its author wrote it",
        mimeType,
      })),
    }),
    complete: {
      name: async (typed) => (await names(await caller())).filter(startsOrEnds(typed)).slice(0, mostCompletions),
    },
  });
  const about = { title: "A runbook of this node", description: "Steps that a person approves one by one", mimeType };
  server.registerResource("runbook", template, about, (uri, { name }) =>
    read(uri, async () => {
      const who = await caller();
      const { node, path } = await openableRunbook(who, decodeURIComponent(String(name)));
      const source = await sessionFiles(who.mesh, node).read(`runbooks/${basename(path)}`);
      return safeText(source ?? "", { newlines: true });
    }),
  );
}

async function memosOf({ mesh, node }: Caller) {
  const nodes: readonly MeshNode[] = node.operator ? nodesFrom(mesh, node) : [node];
  const boxes = nodes.flatMap((each) => [readBox(each, "incoming"), readBox(each, "archived", mostArchived)]);
  return (await Promise.all(boxes))
    .flat()
    .map(listedOf)
    .filter(({ id }) => id !== "")
    .map((each) => ({ ...each, subject: shortly(each.subject) }));
}

function startsOrEnds(typed: string): (name: string) => boolean {
  const wanted = typed.toLowerCase();
  return (name) => name.toLowerCase().startsWith(wanted) || name.toLowerCase().endsWith(wanted);
}

async function read(uri: URL, text: () => Promise<string>): Promise<ReadResourceResult> {
  try {
    return { contents: [{ uri: uri.href, mimeType, text: await text() }] };
  } catch (error) {
    if (error instanceof MeshError) throw new McpError(ErrorCode.InvalidParams, safeText(error.message));
    throw error;
  }
}
