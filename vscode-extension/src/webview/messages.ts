/**
 * What the code map's page and the extension say to each other.
 *
 * In: nothing. Out: types. Must not know of either side.
 */

export interface MapPoint {
  /** -1 to 1. */
  x: number;
  y: number;
  folder: string;
  name: string;
  /** Path and line, as the page shows it. */
  at: string;
}

export interface MapData {
  points: MapPoint[];
  /** Two indices of points and how alike they are. */
  links: [number, number, number][];
  note: string | null;
  texts: { count: string; nothing: string; found: string; others: string; root: string };
}

export type ToPage =
  | { type: "draw"; data: MapData }
  | { type: "found"; query: string; indices: number[] }
  | { type: "failed"; message: string };

export type FromPage = { type: "ready" } | { type: "open"; index: number } | { type: "search"; query: string };
