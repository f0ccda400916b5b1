export type { Place } from "./caller.ts";
export { type HttpOptions, type Serving, serveHttp } from "./http/serve.ts";
export { givenToken, keptToken } from "./http/token.ts";
export { type Installation, planInstallations, writeInstallation } from "./install/installation.ts";
export { type Launch, type ProgramName, programNames, programs } from "./install/programs.ts";
export { nodeServer } from "./node-server.ts";
export { sessionServer } from "./session-server.ts";
export { serveStdio } from "./stdio.ts";
