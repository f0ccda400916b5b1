export { acceptProposal, type Decider, rejectProposal } from "./decide.ts";
export { findProposal, openProposal, proposalMemos, type WaitingFile, type WaitingProposal } from "./waiting.ts";
