export { groundOf, type Whereabouts } from "./ground.ts";
export { answerHook, type HookOptions } from "./guard-hook.ts";
export { type InstalledHooks, installHooks } from "./install.ts";
export { sessionStarted } from "./session-start.ts";
export { sessionStops } from "./session-stop.ts";
