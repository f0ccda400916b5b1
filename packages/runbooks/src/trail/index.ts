export { extendTrail } from "./extend.ts";
export { trailHead } from "./trail-end.ts";
