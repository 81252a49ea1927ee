export { type DecidedConflict, decideNames, isOfOneBill, saveDecisions } from "./decide-names.ts";
export {
  countNameConflicts,
  listNameConflicts,
  type NameConflictDecision,
  nameConflictColumns,
  nameConflictDecisions,
  nameConflictsOf,
  type StoredNameConflict,
} from "./name-conflicts.ts";
export {
  loadSnapshotDecoders,
  type SnapshotDecoders,
  type StoredSnapshot,
  snapshotOf,
} from "./stored-snapshots.ts";
export { type NumberingSuggestion, suggestedNumberings } from "./suggest-numbering.ts";
export { viewNameConflict } from "./view-conflict.ts";
