/**
 * Two pieces of code side by side in the diff editor, and nothing else of their files.
 *
 * In: two places. Out: a diff of read-only documents whose text is cut out of the files. Must not know why they are
 * compared.
 */

import * as vscode from "vscode";
import { fileOf, rangeOf } from "../places";
import type { Place } from "../protocol";
import { documentOf } from "./document";

const SCHEME = "codekin-unit";

export function registerComparison(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, { provideTextDocumentContent: textOf });
}

export async function compare(left: Place, right: Place): Promise<void> {
  const title = `${left.qualified_name} ↔ ${right.qualified_name}`;
  await vscode.commands.executeCommand("vscode.diff", unitUri(left), unitUri(right), title);
}

function unitUri(place: Place): vscode.Uri {
  const { uri, cell } = place;
  const { start, end } = rangeOf(place.range);
  const query = JSON.stringify({ uri, cell, range: [start.line, end.line, end.character] });
  // A notebook's ending would have the diff editor compare notebooks.
  return vscode.Uri.from({ scheme: SCHEME, path: fileOf(place).path.replace(/\.ipynb$/i, ".py"), query });
}

async function textOf(unit: vscode.Uri): Promise<string> {
  const unitOf = JSON.parse(unit.query) as Pick<Place, "uri" | "cell"> & { range: [number, number, number] };
  const document = await vscode.workspace.openTextDocument(await documentOf(unitOf));
  const [start, end, character] = unitOf.range;
  return dedented(document.getText(document.validateRange(new vscode.Range(start, 0, end, character))));
}

/** Without the indentation of its first line: a method is compared with a function by what it does. */
export function dedented(text: string): string {
  const indent = /^[ \t]*/.exec(text)?.[0] ?? "";
  const lines = text
    .split("\n")
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()));
  return `${lines.join("\n").trimEnd()}\n`;
}
