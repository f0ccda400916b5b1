import type { SingleTarget } from "@memomesh/core";
import type { Connections } from "./connections.ts";
import { localPlace } from "./local-place.ts";
import type { ReleasePlace } from "./release-place.ts";
import { remotePlace } from "./remote-place.ts";

/** Where releases for a target are put. Nothing is reached before something is asked there. */
export async function placeOf(
  target: SingleTarget,
  connections: Connections,
  limits: { readonly signal: AbortSignal; readonly timeoutSeconds: number },
): Promise<ReleasePlace> {
  if (target.kind === "local") return localPlace(target, limits.signal);
  return remotePlace(target, { connection: await connections.to(target), ...limits });
}
