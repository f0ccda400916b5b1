export type { Answer } from "./answer.ts";
export type { Attendance } from "./attend.ts";
export { Conversation } from "./conversation.ts";
export { type WrittenFile, writtenFor } from "./written.ts";
