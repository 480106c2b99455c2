/**
 * A rename, by the user's own rename provider or by the server.
 *
 * In: a place and a new name. Out: an edit, or the reasons why there is none. Nothing is edited here. Must not know
 * where the name comes from.
 */

import * as vscode from "vscode";
import type { Server } from "./client";
import { positionOf } from "./places";
import { messageOf, Problem } from "./problem";
import { readSettings } from "./settings";

export interface Renaming {
  document: vscode.TextDocument;
  position: vscode.Position;
  newName: string;
}

/** Pylance's or Jedi's edit, where there is one and the user wants it; else the server's. */
export async function renameEdit(
  server: Server,
  renaming: Renaming,
  log: vscode.LogOutputChannel,
  token: vscode.CancellationToken,
): Promise<vscode.WorkspaceEdit> {
  const { uri, version } = renaming.document;
  if (readSettings(uri).renameProvider === "editor") {
    const edit = await editorsEdit(renaming, log);
    if (edit) return edit;
  }
  const question = { uri: uri.toString(), position: positionOf(renaming.position), newName: renaming.newName };
  const { edit, conflicts } = await server.ask("codekin.rename", question, { token });
  if (!edit) throw new Problem(conflicts.join("; ") || vscode.l10n.t("There is nothing to rename here."));
  if (renaming.document.version !== version) {
    throw new Problem(vscode.l10n.t("The document has changed meanwhile: ask again."));
  }
  const client = await server.running();
  return client.protocol2CodeConverter.asWorkspaceEdit(edit);
}

/** Undefined where nobody renames here, or where whoever does refuses: then the server says what it thinks of it. */
export async function editorsEdit(
  { document, position, newName }: Renaming,
  log: vscode.LogOutputChannel,
): Promise<vscode.WorkspaceEdit | undefined> {
  const { uri } = document;
  try {
    const provider = "vscode.executeDocumentRenameProvider";
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit | undefined>(
      provider,
      uri,
      position,
      newName,
    );
    return edit && edit.size > 0 ? edit : undefined;
  } catch (problem) {
    log.info(`the editor's rename gave nothing (${messageOf(problem)}): codekin renames`);
    return undefined;
  }
}

/** The same edit, but nothing is applied until the user has seen it in the refactoring preview. */
export function toBeConfirmed(edit: vscode.WorkspaceEdit, label: string): vscode.WorkspaceEdit {
  const asked = new vscode.WorkspaceEdit();
  for (const [uri, edits] of edit.entries()) {
    for (const each of edits) asked.replace(uri, each.range, each.newText, { label, needsConfirmation: true });
  }
  return asked;
}

/** As F2 applies it: files that are not open are saved, by the user's `files.refactoring.autoSave`. */
export async function apply(edit: vscode.WorkspaceEdit): Promise<void> {
  if (!(await vscode.workspace.applyEdit(edit, { isRefactoring: true }))) {
    throw new Problem(vscode.l10n.t("The editor did not take the change: a file has changed meanwhile. Ask again."));
  }
}
