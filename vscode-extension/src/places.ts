/**
 * From the server's places to the editor's.
 *
 * In: places of answers. Out: ranges, locations, icons and short texts. Must not know what the places were found for.
 */

import * as vscode from "vscode";
import type { Place, Position, Range, SearchResult, UnitKind } from "./protocol";

/** The scheme of a notebook's cell in an editor. */
export const CELL = "vscode-notebook-cell";

export function rangeOf(range: Range): vscode.Range {
  return new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
}

export function positionOf(position: vscode.Position): Position {
  return { line: position.line, character: position.character };
}

export function plainRange(range: vscode.Range): Range {
  return { start: positionOf(range.start), end: positionOf(range.end) };
}

/** The file that it stands in; of an open notebook's cell, the notebook. */
export function fileOf(place: Pick<Place, "uri">): vscode.Uri {
  const uri = vscode.Uri.parse(place.uri);
  if (uri.scheme !== CELL) return uri;
  // A cell's URI may name another machine, whose files have none for us.
  const notebook = vscode.workspace.notebookDocuments.find((each) => each.uri.path === uri.path);
  return notebook?.uri ?? uri.with({ scheme: "file", authority: "", fragment: "" });
}

/** The same for the same piece of code, also in two answers. */
export function keyOf(place: Place): string {
  return `${fileOf(place).toString()}#${place.cell ?? ""}:${place.start_line}-${place.end_line}`;
}

const ICONS: Partial<Record<string, string>> & Record<UnitKind, string> = {
  function: "symbol-function",
  method: "symbol-method",
  "nested function": "symbol-function",
  class: "symbol-class",
  module: "symbol-namespace",
};

export function iconOf(kind: string): string {
  return ICONS[kind] ?? "symbol-misc";
}

export function percent(share: number): string {
  return `${share > 0 && share < 0.01 ? "<1" : Math.round(share * 100)} %`;
}

/** The folder's name before the path where there are several folders. */
export function shownPath(place: Place): string {
  return vscode.workspace.asRelativePath(fileOf(place));
}

/** Path and line, as the command line writes them: `src/app.py:12`, `shop.ipynb/cell-2:3`. */
export function shownSpot(place: Place, line = place.start_line): string {
  const cell = typeof place.cell === "number" ? `/cell-${place.cell}` : "";
  return `${shownPath(place)}${cell}:${line}`;
}

/** Why it was found, in a few words: the server's reasons, or which searches brought it up. */
export function reasonOf(result: SearchResult): string {
  const reasons = result.reasons ?? [];
  return reasons.length > 0 ? reasons.join(", ") : result.produced_by.join(" + ");
}

/** One line of a list that is copied: `src/app.py:12: Reader.parse_header`. */
export function lineOf(place: Place): string {
  return `${shownSpot(place)}: ${place.qualified_name}`;
}
