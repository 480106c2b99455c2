/**
 * The document that a place stands in: a file, or a cell of a notebook.
 *
 * In: places. Out: the document's URI, or an editor that shows it. Must not know what the places were found for.
 */

import * as vscode from "vscode";
import { CELL, fileOf, rangeOf } from "../places";
import type { Place } from "../protocol";

/** A cell's editor is drawn after the notebook is open. */
const DRAWN_WITHIN = 1_000;

/** A cell of a closed notebook has only a number: its URI is the editor's, once the notebook is open. */
export async function documentOf(place: Pick<Place, "uri" | "cell">): Promise<vscode.Uri> {
  const uri = vscode.Uri.parse(place.uri);
  if (typeof place.cell !== "number" || uri.scheme === CELL) return uri;
  return (await cellOf(place))?.document.uri ?? uri;
}

export async function locationOf(place: Place): Promise<vscode.Location> {
  return new vscode.Location(await documentOf(place), rangeOf(place.range));
}

/** Shows a place, with the cursor at its first line; undefined where no editor of it can be seen. */
export async function showPlace(
  place: Place,
  options: vscode.TextDocumentShowOptions,
): Promise<vscode.TextEditor | undefined> {
  const { start } = rangeOf(place.range);
  const selection = new vscode.Range(start, start);
  if (place.cell === undefined) return vscode.window.showTextDocument(fileOf(place), { ...options, selection });
  // From here on not by showTextDocument, which would show a notebook's JSON.
  const cell = await cellOf(place);
  if (!cell) await vscode.commands.executeCommand("vscode.open", fileOf(place), options);
  else if (options.preserveFocus) await selectCell(cell, options);
  else await vscode.commands.executeCommand("vscode.open", cell.document.uri, { ...options, selection });
  const editor = cell && (await editorOf(cell.document.uri));
  if (editor) editor.selection = new vscode.Selection(start, start);
  return editor;
}

/** A cell that was opened with a selection would take the focus from the list. */
async function selectCell(cell: vscode.NotebookCell, options: vscode.TextDocumentShowOptions): Promise<void> {
  const selections = [new vscode.NotebookRange(cell.index, cell.index + 1)];
  await vscode.window.showNotebookDocument(cell.notebook, { ...options, selections });
}

/** Undefined where the notebook has no such cell any more. */
async function cellOf(place: Pick<Place, "uri" | "cell">): Promise<vscode.NotebookCell | undefined> {
  const cells = (await vscode.workspace.openNotebookDocument(fileOf(place))).getCells();
  return cells.find(({ document }) => document.uri.toString() === place.uri) ?? codeCell(cells, place.cell);
}

/** The server counts code cells from 1; text between them does not count. */
function codeCell(
  cells: readonly vscode.NotebookCell[],
  number: number | null | undefined,
): vscode.NotebookCell | undefined {
  return cells.filter(({ kind }) => kind === vscode.NotebookCellKind.Code)[(number ?? 0) - 1];
}

function editorOf(uri: vscode.Uri): Promise<vscode.TextEditor | undefined> {
  const find = () =>
    vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  const found = find();
  if (found) return Promise.resolve(found);
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      listener.dispose();
      resolve(find());
    };
    const timer = setTimeout(done, DRAWN_WITHIN);
    const listener = vscode.window.onDidChangeVisibleTextEditors(() => {
      if (find()) done();
    });
  });
}
