export { type Classification, classifyCommand, type Reason } from "./command.ts";
export { safeText, type UnsafeCharacter, unsafeCharacters } from "./display.ts";
export { type Decision, type GrantHolder, mayRead, maySend } from "./grants.ts";
export type { Effect } from "./programs.ts";
export { redact } from "./redact.ts";
export { checkChangePath } from "./scope.ts";
