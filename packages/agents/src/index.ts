export type {
  Agent,
  Improvement,
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
  ToldContext,
  Workshop,
} from "./agent.ts";
export { type AgentNeeds, agentNeeds, type ProgramNeed } from "./agent-needs.ts";
export { checkAgent, createAgent } from "./create-agent.ts";
export type { Message, TokenUsage } from "./model.ts";
export { itemsDoneByPreparing } from "./offline/action-items.ts";
export { openSessionDesk, type SessionDesk } from "./programs/session-desk.ts";
export { findProgram } from "./sandbox/find-program.ts";
export { type MachineSandbox, machineSandbox } from "./sandbox/machine.ts";
export { opinionOn, opinionSource, whyNotAsked } from "./second-opinion/opinion-on.ts";
export type { OpinionQuestion } from "./second-opinion/question.ts";
export { type AssembledContext, assembleContext, type ContextItem, type ContextPart } from "./session/assemble.ts";
export { Desk } from "./session/desk.ts";
export { indexLessons } from "./session/lesson-index.ts";
export { stemsOf } from "./session/lesson-words.ts";
export { estimateTokens } from "./session/tokens.ts";
export { type SessionTool, sessionTools, type ToolAnswer, useTool } from "./session/tools.ts";
export { vendorOf } from "./vendor.ts";
