export { lineOfSetting, parseMeshConfig } from "./mesh.ts";
export { parseNodeConfig } from "./node.ts";
