import { MeshError } from "../src/index.ts";

/** The error that a piece of code ends in; anything but a MeshError fails the test. */
export function refusal(run: () => unknown): MeshError {
  try {
    run();
  } catch (error) {
    if (error instanceof MeshError) return error;
    throw error;
  }
  throw new Error("expected a MeshError, and there was none");
}
