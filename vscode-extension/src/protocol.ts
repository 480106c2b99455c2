/**
 * What is said between the extension and the server: commands with what they take and answer, and the notification.
 *
 * In: nothing. Out: types. Must not know of the editor's API. A test keeps them in step with the server's answers.
 */

export interface Position {
  line: number;
  character: number;
}

export interface Range {
  start: Position;
  end: Position;
}

/** What may be searched for; a nested function is a function then. */
export type Kind = "function" | "method" | "class" | "module";
export type UnitKind = Kind | "nested function";
export type Tests = "include" | "exclude" | "only";
export type Tier = "words" | "student" | "teacher";

/**
 * A piece of code and where it stands; `path` is relative to its workspace folder, the lines count from 1. In a notebook
 * they count within a cell: `cell` is its number among the code cells, from 1, and `uri` its own while the notebook is
 * open, else the notebook's.
 */
export interface Place {
  path: string;
  start_line: number;
  end_line: number;
  kind: UnitKind;
  name: string;
  qualified_name: string;
  module: string;
  uri: string;
  range: Range;
  cell?: number | null;
}

/** A line of a result, counted from 1, and the characters in it that fit the query. */
export interface Snippet {
  line: number;
  text: string;
  matches: [number, number][];
}

export interface SearchResult extends Place {
  score: number;
  produced_by: string[];
  reasons?: string[];
  snippet?: Snippet | null;
  tier?: Tier;
}

export interface SearchQuestion {
  query: string;
  limit?: number;
  folder?: string;
  kinds?: Kind[];
  tests?: Tests;
  partialResultToken?: string;
}

export interface SearchAnswer {
  query: string;
  results: SearchResult[];
  note: string | null;
}

export type SimilarQuestion =
  | { uri: string; position: Position; limit?: number }
  | { uri: string; range: Range; limit?: number }
  | { text: string; limit?: number };

export interface SimilarAnswer {
  target: Place | null;
  results: SearchResult[];
  note: string | null;
}

export interface DuplicatesQuestion {
  folder?: string;
  limit?: number;
  threshold?: number;
}

export interface Cluster {
  similarity: number;
  lines: number;
  members: Place[];
}

export interface DuplicatesAnswer {
  clusters: Cluster[];
  note: string | null;
}

/** A piece of code in the map; `x` and `y` lie between -1 and 1. */
export interface Point extends Place {
  x: number;
  y: number;
  folder: string;
}

export interface MapAnswer {
  points: Point[];
  links: [number, number, number][];
  note: string | null;
}

export interface PlaceQuestion {
  uri: string;
  position: Position;
  limit?: number;
}

export interface NameSuggestion {
  name: string;
  probability: number;
  source: string;
}

export interface NamedFunction extends Place {
  suggestions: NameSuggestion[];
  nameRange: Range;
}

export interface NamesAnswer {
  functions: NamedFunction[];
  note?: string | null;
}

export interface RenameQuestion {
  uri: string;
  position: Position;
  newName: string;
}

/** `edit` is a `WorkspaceEdit` of the protocol, null where a conflict forbids it. */
export interface RenameAnswer {
  edit: object | null;
  conflicts: string[];
}

export interface ExplainQuestion extends PlaceQuestion {
  naming?: boolean;
}

/** Two pieces of a function and the way between them in its tree, with their share in the answer. */
export interface WeightedContext {
  start: string;
  path: string;
  end: string;
  weight: number;
  startRange: Range;
  endRange: Range;
}

export interface ExplainAnswer {
  target: Place | null;
  contexts: WeightedContext[];
  structure_share?: number;
  names?: NameSuggestion[];
  note?: string | null;
}

export interface SummaryAnswer {
  target: Place | null;
  summary: string | null;
  note: string | null;
}

/** What `codekin.status` says; several folders are summed, so what is no number is there for one folder only. */
export interface StatusAnswer {
  version?: string;
  root?: string;
  model?: string;
  search?: string;
  files?: number;
  units?: number;
  vectors_missing?: number;
  skipped_files?: number;
  memory_mb?: number;
  index_mb?: number;
  worker?: { state: string; memory_mb: number | null; last_error: string | null };
  folders?: (StatusAnswer & { uri: string; error?: string })[];
  note?: string;
}

export interface IndexAnswer {
  files?: number;
  units?: number;
  units_embedded?: number;
  seconds?: number;
}

/** Every command of the server: what it takes, and what it answers. */
export interface Commands {
  "codekin.search": [SearchQuestion, SearchAnswer];
  "codekin.similar": [SimilarQuestion, SimilarAnswer];
  "codekin.duplicates": [DuplicatesQuestion, DuplicatesAnswer];
  "codekin.map": [{ folder?: string }, MapAnswer];
  "codekin.suggestNames": [PlaceQuestion, NamesAnswer];
  "codekin.rename": [RenameQuestion, RenameAnswer];
  "codekin.explain": [ExplainQuestion, ExplainAnswer];
  "codekin.summarise": [PlaceQuestion, SummaryAnswer];
  "codekin.status": [undefined, StatusAnswer];
  "codekin.reindex": [undefined, IndexAnswer];
  "codekin.pause": [{ paused: boolean }, { paused: boolean }];
}

export type CommandName = keyof Commands;

export const STATUS = "codekin/status";

export type ServerState = "starting" | "indexing" | "ready" | "paused" | "failed";

export interface StatusNotification {
  state: ServerState;
  done: number;
  total: number;
  tier: Tier | null;
  model: string | null;
  message: string | null;
}
