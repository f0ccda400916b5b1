import { basename, join } from "node:path";
import type { Place } from "@memomesh/mcp";
import { loadMesh, nodeAt, requireNode } from "@memomesh/mesh";
import { InvalidArgumentError, Option } from "commander";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { shown } from "../here.ts";
import type { Output } from "../output.ts";
import { paint, text } from "../text.ts";
import { version } from "../version.ts";

const usualPort = 8737;

interface Options {
  http?: number | true;
  node?: string;
  mesh?: string;
  session?: string;
}

/** A call under way is finished first. */
export const ownInterrupt = true;

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh mcp install --for claude", "have Claude Code start it by itself"],
    ["memomesh mcp", "serve the node whose folder you are in on standard input and output"],
    ["memomesh mcp --http", `serve it at http://127.0.0.1:${usualPort}/mcp, until Ctrl-C`],
  ])
    .option("--http [port]", `streamable HTTP on 127.0.0.1 (port: ${usualPort} when left out, 0 for any)`, readPort)
    .option("--node <node>", "which node (default: the one whose folder you are in, else operator)")
    .option("--mesh <folder>", "where the mesh is, for a node outside of the mesh's folder")
    .addOption(new Option("--session <folder>", "the tools of one session, for the adapters of programs").hideHelp())
    .action(async ({ http, session, ...named }: Options) => {
      const mcp = await import("@memomesh/mcp");
      if (session !== undefined) return mcp.serveStdio(await mcp.sessionServer(session, version));
      const place = { folder: process.cwd(), ...named };
      if (http !== undefined) return serveHttp(output, place, http === true ? usualPort : http);
      const server = await mcp.nodeServer(place, version);
      if (process.stdin.isTTY) {
        output.note(text`Waiting for a client on standard input. \`memomesh mcp install\` has one start it by itself.`);
      }
      await mcp.serveStdio(server);
    });
};

async function serveHttp(output: Output, place: Place, port: number): Promise<void> {
  const mcp = await import("@memomesh/mcp");
  const given = process.env.MEMOMESH_MCP_TOKEN;
  const mesh = await loadMesh(place.mesh ?? place.folder);
  const node = place.node === undefined ? nodeAt(mesh, place.folder) : requireNode(mesh, place.node);
  const tokenFile = join(mesh.root, ".memomesh", "mcp", `${node.id}.token`);
  const token = given === undefined ? await mcp.keptToken(tokenFile) : mcp.givenToken(given);
  const serving = await mcp.serveHttp({
    port,
    token,
    make: () => mcp.nodeServer({ ...place, node: node.id }, version),
    onError: (error) => output.note(text`${paint("red", "error")}  ${(error as Error).message}`),
  });
  const where = given === undefined ? shown(tokenFile) : "MEMOMESH_MCP_TOKEN";
  output.record({ node: node.id, url: serving.url, token: where });
  output.line(text`${paint("green", "serving")}  ${node.id} of ${basename(mesh.root)} at ${serving.url}`);
  output.line(paint("dim", text`         a client sends "Authorization: Bearer <token>"; the token is in ${where}`));
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
  });
  await serving.close();
}

function readPort(value: string): number {
  const port = Number(value);
  if (/^\d{1,5}$/.test(value) && port < 65_536) return port;
  throw new InvalidArgumentError("Expected a port from 0 to 65535.");
}
