import { type MeshEvent, watchMesh } from "../packages/mesh/src/index.ts";

/** A mesh that is watched, and whoever listens to what happens in it. */
export interface WatchedMesh {
  /** Replaces the one who listened before. */
  listen(listener: (event: MeshEvent) => void): void;
  stop(): Promise<void>;
}

export async function watchedMesh(root: string): Promise<WatchedMesh> {
  let tell = (_event: MeshEvent) => {};
  const { stop } = await watchMesh({ start: root, onEvent: (event) => tell(event) });
  return {
    listen: (listener) => {
      tell = listener;
    },
    stop,
  };
}
