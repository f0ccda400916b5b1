export { acceptCollector, findCollector, readCollectors, type StandingCollector } from "./collectors.ts";
export { type Refreshed, refreshFacts } from "./refresh.ts";
