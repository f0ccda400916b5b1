export { archive } from "./archive.ts";
export { type Claim, type ClaimOptions, claimDrop, releaseClaim, resumeClaim } from "./claim.ts";
export type { Commit, CommitResult } from "./commit.ts";
export type { CommitText, Trailer } from "./commit-message.ts";
export { CommitQueue, type CommitQueueOptions } from "./commit-queue.ts";
export type { Copy } from "./copy.ts";
export { type Delivery, type DeliveryResult, deliverAll } from "./deliver.ts";
export {
  type Drop,
  type DropBox,
  DropScanner,
  type LeftClaim,
  type ReadyDrop,
  type Scan,
  type ScanOptions,
  type WaitingDrop,
} from "./drop.ts";
export { fileError } from "./fault.ts";
export { isLeftTemporary, moveToFreeName, syncFolder, writeDurably, writeNew } from "./files.ts";
export { findMemo } from "./find.ts";
export type { LogEntry, LogQuery } from "./history.ts";
export { type ListedMemo, listMemos, type MemoBox } from "./list.ts";
export { acquireLock, type CoordinatorLock, type LockHolder, lockHolder } from "./lock.ts";
export { type ClaimName, isMemoName, readClaimName } from "./name.ts";
export { isGone, type Owner } from "./owner.ts";
export { type Rejection, rejectClaim } from "./reject.ts";
export { type Identity, initRepository, openRepository, type Repository } from "./repository.ts";
export { type SentMemo, sendMemo } from "./send.ts";
export { type Sighting, type Stamp, settle } from "./settle.ts";
