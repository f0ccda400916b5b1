export { isBuiltText } from "./built-text.ts";
export type { Classification, Effect, Reason } from "./classification.ts";
export { classifyCommand } from "./classify.ts";
export type { Decision } from "./decision.ts";
export { safeText, type UnsafeCharacter, unsafeCharacters } from "./display.ts";
export {
  type FoundSecret,
  findSecrets,
  secretFingerprint,
  secretWayOut,
  withoutAllowedSecrets,
  withoutSecrets,
} from "./find-secrets.ts";
export { matchesGlob } from "./glob.ts";
export { isWithheld, mayRead, maySend, type Party } from "./grants.ts";
export { type GuardRules, noRules } from "./guard-rules.ts";
export { decideCommand } from "./hook/decide-command.ts";
export { decideTool } from "./hook/decide-tool.ts";
export type { Ground } from "./hook/ground.ts";
export { guardName, hookArguments, hookEntries, hookEvents, hookFile } from "./hook/hook-entries.ts";
export { guardLine } from "./hook/hook-line.ts";
export { isSettings, meshHooks, type Settings, withHooks, withoutHooks } from "./hook/hook-settings.ts";
export { type HookCall, readHookCall } from "./hook/read-call.ts";
export { subjectOf } from "./hook/subject.ts";
export type { ToolDecision } from "./hook/tool-decision.ts";
export { type Vendor, vendors } from "./hook/vendor.ts";
export { type Misleading, misleadingParts } from "./misleading.ts";
export type { OwnProgram, OwnPrograms, OwnRule } from "./own-programs.ts";
export { redact } from "./redact.ts";
export { checkChangePath, checkProposalPath } from "./scope.ts";
