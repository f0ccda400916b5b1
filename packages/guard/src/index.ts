export type { Classification, Effect, Reason } from "./classification.ts";
export { classifyCommand } from "./classify.ts";
export type { Decision } from "./decision.ts";
export { safeText, type UnsafeCharacter, unsafeCharacters } from "./display.ts";
export { mayRead, maySend, type Party } from "./grants.ts";
export { redact } from "./redact.ts";
export { checkChangePath } from "./scope.ts";
