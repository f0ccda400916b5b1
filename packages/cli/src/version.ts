import manifest from "../package.json" with { type: "json" };

/** The version of this program, as published. */
export const version: string = manifest.version;

/** The oldest Node that it runs on, such as `22.22`. */
export const oldestNode: string = manifest.engines.node.replace(">=", "");
