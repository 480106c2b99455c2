/**
 * Two pieces of code side by side in the diff editor, and nothing else of their files.
 *
 * In: two places. Out: a diff of read-only documents whose text is cut out of the files. Must not know why they are
 * compared.
 */

import * as vscode from "vscode";
import { rangeOf, uriOf } from "../places";
import type { Place } from "../protocol";

const SCHEME = "codekin-unit";

export function registerComparison(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, { provideTextDocumentContent: textOf });
}

export async function compare(left: Place, right: Place): Promise<void> {
  const title = `${left.qualified_name} ↔ ${right.qualified_name}`;
  await vscode.commands.executeCommand("vscode.diff", unitUri(left), unitUri(right), title);
}

function unitUri(place: Place): vscode.Uri {
  const file = uriOf(place);
  const { start, end } = rangeOf(place.range);
  const query = JSON.stringify({ uri: file.toString(), range: [start.line, end.line, end.character] });
  return vscode.Uri.from({ scheme: SCHEME, path: file.path, query });
}

async function textOf(unit: vscode.Uri): Promise<string> {
  const { uri, range } = JSON.parse(unit.query) as { uri: string; range: [number, number, number] };
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  const [start, end, character] = range;
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
