import { History } from "../packages/mesh/src/history.ts";
import { loadMesh, type Mesh } from "../packages/mesh/src/load.ts";
import { Router } from "../packages/mesh/src/router.ts";

/** A router over a mesh, without sessions and without a watcher. */
export interface Routing {
  readonly mesh: Mesh;
  /** Routes until nothing is left. @returns how many memos were taken */
  routeAll(onPass?: (handled: number) => void): Promise<number>;
  /** Ends the writing of history. */
  close(): Promise<void>;
}

export async function openRouting(root: string): Promise<Routing> {
  const mesh = await loadMesh(root);
  const warn = (event: { kind: string }) => {
    if (event.kind === "rejected" || event.kind === "duplicate") throw new Error(JSON.stringify(event));
  };
  const history = await History.open(mesh, warn);
  const router = new Router(mesh, history, warn);
  const routeAll = async (onPass: (handled: number) => void = () => {}) => {
    let handled = 0;
    for (let nodes = [...mesh.nodes.values()]; nodes.length > 0; ) {
      const pass = await router.pass(mesh, nodes, "leave");
      handled += pass.handled;
      onPass(handled);
      nodes = [...pass.again].flatMap((id) => mesh.nodes.get(id) ?? []);
    }
    return handled;
  };
  return { mesh, routeAll, close: () => history.close() };
}
