export type { MemoBody, MemoFence } from "./body.ts";
export type { Changeset, FileChange, Outcome, OutgoingMemo, StateReport } from "./changeset.ts";
export type { Completion } from "./completion.ts";
export type { Artifact, ArtifactKind, Deployment, Verification } from "./deployment-schema.ts";
export { type FileDigest, type StepTarget, sha256, stepDigest } from "./digest.ts";
export { Exit, MeshError, type Place } from "./error.ts";
export { type Frontmatter, splitFrontmatter } from "./frontmatter.ts";
export { type HeaderChanges, withHeader } from "./header.ts";
export { idSuffix, idTime, isId, newId } from "./id.ts";
export { hasSection, putSection, withoutSectionMarks } from "./instructions.ts";
export {
  archivedFolder,
  archivedPath,
  archivedRoot,
  incomingFolder,
  instructionsPath,
  type NodeFolder,
  nodeConfigPath,
  outgoingFolder,
  progressPath,
  rejectedFolder,
  runbooksFolder,
  statePath,
} from "./layout.ts";
export {
  bodyDigest,
  type Memo,
  type MemoHeader,
  type MemoStatus,
  type MemoType,
  memoTypes,
  type Priority,
  parseMemo,
  priorities,
} from "./memo.ts";
export { type MemoDraft, memoFileName, printMemo } from "./memo-text.ts";
export {
  type AgentConfig,
  type MeshConfig,
  type NodeEntry,
  type Policy,
  parseMeshConfig,
  type TargetConfig,
} from "./mesh.ts";
export { addNode } from "./mesh-edit.ts";
export { isName, reservedNames } from "./name.ts";
export { type Grants, type NodeConfig, parseNodeConfig } from "./node.ts";
export {
  defaultTimeout,
  type Fence,
  higherRisk,
  type Needs,
  type Risk,
  type Runbook,
  risks,
  type Step,
} from "./runbook.ts";
export { printRunbook, type RunbookDraft, type StepDraft } from "./runbook-text.ts";
export type { ActionItem, Section } from "./section.ts";
export type { Entry, State } from "./state.ts";
export type { StateChange } from "./state-update.ts";
export { readYaml } from "./yaml.ts";
