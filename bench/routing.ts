import { History } from "../packages/mesh/src/history.ts";
import { loadMesh } from "../packages/mesh/src/load.ts";
import { Router } from "../packages/mesh/src/router.ts";

/** A router over a mesh, without sessions and without a watcher. */
export interface Routing {
  /** Routes until nothing is left. */
  routeAll(): Promise<void>;
  /** Ends the writing of history. */
  close(): Promise<void>;
}

/** @param onDelivered called for every memo that was delivered */
export async function openRouting(root: string, onDelivered: () => void = () => {}): Promise<Routing> {
  const mesh = await loadMesh(root);
  const tell = (event: { kind: string }) => {
    if (event.kind === "rejected" || event.kind === "duplicate") throw new Error(JSON.stringify(event));
    if (event.kind === "delivered") onDelivered();
  };
  const history = await History.open(mesh, tell);
  const router = new Router(mesh, history, tell);
  const routeAll = async () => {
    for (let nodes = [...mesh.nodes.values()]; nodes.length > 0; ) {
      const { again } = await router.pass(mesh, nodes, "leave");
      nodes = [...again].flatMap((id) => mesh.nodes.get(id) ?? []);
    }
  };
  return { routeAll, close: () => history.close() };
}
