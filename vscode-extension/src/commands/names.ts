/**
 * Suggest Names for Function: a list of names, then a rename.
 *
 * In: the function around the cursor. Out: its definition and references under the chosen name. Must not know how names
 * or references are found.
 */

import * as vscode from "vscode";
import type { Server } from "../client";
import { percent, positionOf, rangeOf } from "../places";
import { Problem } from "../problem";
import type { NamedFunction, NameSuggestion } from "../protocol";
import { apply, renameEdit, toBeConfirmed } from "../rename";

interface Item extends vscode.QuickPickItem {
  newName?: string;
}

interface Choice {
  newName: string;
  preview: boolean;
}

export async function suggestNames(server: Server, log: vscode.LogOutputChannel): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return;
  const { document } = editor;
  const { version } = document;
  const position = positionOf(editor.selection.active);
  const { functions, note } = await server.ask("codekin.suggestNames", { uri: document.uri.toString(), position });
  const [target] = functions;
  if (!target) throw new Problem(note ?? vscode.l10n.t("There is no function here: put the cursor into one."));
  const choice = await chooseName(target);
  if (!choice) return;
  if (document.version !== version) throw new Problem(vscode.l10n.t("The document has changed meanwhile: ask again."));
  const { newName, preview } = choice;
  const renaming = { document, position: rangeOf(target.nameRange).start, newName };
  const edit = await server.onBehalf(() => renameEdit(server, renaming, log));
  const label = vscode.l10n.t("Rename {0} to {1}", target.name, newName);
  await apply(preview ? toBeConfirmed(edit, label) : edit);
}

function chooseName(target: NamedFunction): Promise<Choice | undefined> {
  const pick = vscode.window.createQuickPick<Item>();
  const preview: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon("diff"),
    tooltip: vscode.l10n.t("Preview the Change"),
  };
  const suggestions = target.suggestions.filter(({ name }) => name !== target.name);
  const suggested = suggestions.map((each) => ({ ...itemOf(each), buttons: [preview] }));
  const nothing = { label: vscode.l10n.t("No better name is likely enough. Type one of your own."), alwaysShow: true };
  pick.title = vscode.l10n.t("Names for {0}", target.qualified_name);
  pick.placeholder = vscode.l10n.t("Choose a name, or type one");
  pick.items = suggested.length > 0 ? suggested : [nothing];
  return new Promise((resolve) => {
    const choose = (item: Item | undefined, previewed: boolean) => {
      if (item?.newName === undefined) return;
      resolve({ newName: item.newName, preview: previewed });
      pick.hide();
    };
    pick.onDidChangeValue((typed) => {
      pick.items = withTyped(suggested, typed.trim(), target.name, preview);
    });
    pick.onDidTriggerItemButton(({ item }) => {
      choose(item, true);
    });
    pick.onDidAccept(() => {
      choose(pick.selectedItems[0], false);
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function itemOf({ name, probability, source }: NameSuggestion): Item {
  return { label: name, description: `${percent(probability)} · ${source}`, newName: name };
}

/** A name of the user's own comes last, once it could be one. */
function withTyped(suggested: Item[], typed: string, present: string, preview: vscode.QuickInputButton): Item[] {
  if (!isIdentifier(typed) || typed === present || suggested.some(({ newName }) => newName === typed)) return suggested;
  const description = vscode.l10n.t("your own");
  return [...suggested, { label: typed, description, newName: typed, alwaysShow: true, buttons: [preview] }];
}

export function isIdentifier(text: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text);
}
