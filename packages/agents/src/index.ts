export {
  type Agent,
  createAgent,
  type SessionContext,
  type SessionFiles,
  type SessionNode,
  type SessionTarget,
} from "./agent.ts";
export { itemsDoneByPreparing } from "./offline/action-items.ts";
