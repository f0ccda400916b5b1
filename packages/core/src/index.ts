export type { AgentConfig, SecondOpinion, Tier, TierRules } from "./agent-config.ts";
export { tiers } from "./agent-config.ts";
export type { MemoBody, MemoFence } from "./body.ts";
export type { Budgets, NodeBudget, SessionBudget } from "./budget.ts";
export type {
  Changeset,
  FileChange,
  LessonDraft,
  Outcome,
  OutgoingMemo,
  SessionUsage,
  StateReport,
  Wish,
} from "./changeset.ts";
export type { Completion } from "./completion.ts";
export type { Artifact, ArtifactKind, Deployment, Verification } from "./deployment-schema.ts";
export { type FileDigest, sha256, stepDigest } from "./digest.ts";
export { Exit, MeshError, type Place } from "./error.ts";
export {
  ageText,
  durationText,
  type FactCollector,
  isStale,
  type PlatformFact,
  readFacts,
  withFacts,
  withStaleness,
} from "./fact.ts";
export { type AlikeNodes, checkedFigures, type FactFigures } from "./figures.ts";
export { type Frontmatter, splitFrontmatter } from "./frontmatter.ts";
export { type HeaderChanges, withHeader } from "./header.ts";
export { derivedId, idSuffix, idTime, isId, newId } from "./id.ts";
export { hasSection, putSection, withoutSectionMarks } from "./instructions.ts";
export {
  archivedFolder,
  archivedPath,
  archivedRoot,
  incomingFolder,
  instructionsPath,
  lessonsPath,
  type NodeFolder,
  nodeConfigPath,
  outgoingFolder,
  platformPath,
  progressPath,
  proposalPath,
  rejectedFolder,
  runbooksFolder,
  statePath,
  trailPath,
} from "./layout.ts";
export { type Detector, type Lesson, parseLessons, printLesson } from "./lesson.ts";
export { lineAt } from "./line.ts";
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
export { memoStatement } from "./memo-statement.ts";
export { type MemoDraft, memoFileName, printMemo } from "./memo-text.ts";
export {
  type MemoPolicy,
  type MeshConfig,
  type NodeEntry,
  type Policy,
  parseMeshConfig,
  type SignerFiles,
} from "./mesh.ts";
export { addNode } from "./mesh-edit.ts";
export { isName, nameWording, reservedNames } from "./name.ts";
export { type Grants, type NodeConfig, parseNodeConfig } from "./node.ts";
export { type KeptOpinion, type Opinion, type OpinionFinding, severities } from "./opinion.ts";
export { printOpinion } from "./opinion-text.ts";
export { isFromOutside, isThird } from "./outside.ts";
export { problemsError } from "./problem.ts";
export { type Proposal, type ProposedFile, parseProposal, printProposal } from "./proposal.ts";
export { fenceMarks, quotation } from "./quotation.ts";
export type { RoleConfig, RoleName, Roles } from "./roles.ts";
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
export { type SandboxRule, sandboxRule } from "./sandbox-rule.ts";
export { checkValue } from "./schema.ts";
export type { ActionItem, Section } from "./section.ts";
export type { Entry, State } from "./state.ts";
export type { StateChange } from "./state-update.ts";
export {
  type GroupTarget,
  type LocalTarget,
  placesOf,
  type SingleTarget,
  type SshTarget,
  type StepTarget,
  type TargetConfig,
} from "./target.ts";
export {
  readTrail,
  type Trail,
  type TrailEntry,
  type TrailFacts,
  type TrailHead,
  type TrailLine,
  trailAddition,
} from "./trail.ts";
export { partialFolder, printUpload, type Upload, uploadCommands } from "./upload.ts";
export { dollars, usageText } from "./usage-text.ts";
export { readYaml } from "./yaml.ts";
