export type {
  Agent,
  JournalEntry,
  SessionContext,
  SessionFiles,
  SessionJournal,
  SessionKnowledge,
  SessionLimits,
  SessionNode,
  SessionTarget,
  Spending,
  TextFile,
  Workshop,
} from "./agent.ts";
export { type AgentNeeds, agentNeeds, type ProgramNeed } from "./agent-needs.ts";
export { checkAgent, createAgent } from "./create-agent.ts";
export type { Message, TokenUsage } from "./model.ts";
export { itemsDoneByPreparing } from "./offline/action-items.ts";
export { openSessionDesk, type SessionDesk } from "./programs/session-desk.ts";
export { givesOpinions, opinionOn } from "./second-opinion/opinion-on.ts";
export type { OpinionQuestion } from "./second-opinion/question.ts";
export { type AssembledContext, assembleContext, type ContextPart } from "./session/assemble.ts";
export { Desk } from "./session/desk.ts";
export { type SessionTool, sessionTools, type ToolAnswer, useTool } from "./session/tools.ts";
export { vendorOf } from "./vendor.ts";
