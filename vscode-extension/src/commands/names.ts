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
import type { NamedFunction, NameSuggestion, PlaceQuestion } from "../protocol";
import { apply, renameEdit, toBeConfirmed } from "../rename";
import { waitFor, type Work } from "../waiting";

interface Item extends vscode.QuickPickItem {
  newName?: string;
}

interface Choice {
  target: NamedFunction;
  newName: string;
  preview: boolean;
}

export async function suggestNames(server: Server, log: vscode.LogOutputChannel): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return;
  const { document } = editor;
  const { version } = document;
  const question = { uri: document.uri.toString(), position: positionOf(editor.selection.active) };
  const choice = await chooseName((token) => targetOf(server, question, token));
  if (!choice) return;
  if (document.version !== version) throw new Problem(vscode.l10n.t("The document has changed meanwhile: ask again."));
  const { target, newName, preview } = choice;
  const renaming = { document, position: rangeOf(target.nameRange).start, newName };
  const edit = await waitFor(vscode.l10n.t("codekin: renaming"), (token) =>
    server.onBehalf(() => renameEdit(server, renaming, log, token)),
  );
  const label = vscode.l10n.t("Rename {0} to {1}", target.name, newName);
  await apply(preview ? toBeConfirmed(edit, label) : edit);
}

async function targetOf(
  server: Server,
  question: PlaceQuestion,
  token: vscode.CancellationToken,
): Promise<NamedFunction> {
  const { functions, note } = await server.ask("codekin.suggestNames", question, { token });
  const [target] = functions;
  if (!target) throw new Problem(note ?? vscode.l10n.t("There is no function here: put the cursor into one."));
  return target;
}

/** The list opens at once, so that no key reaches the editor while the names are looked for. */
export function chooseName(find: Work<NamedFunction>): Promise<Choice | undefined> {
  const pick = vscode.window.createQuickPick<Item>();
  const asking = new vscode.CancellationTokenSource();
  let target: NamedFunction | undefined;
  pick.title = vscode.l10n.t("Names for {0}", "…");
  pick.placeholder = vscode.l10n.t("Choose a name, or type one");
  pick.busy = true;
  return new Promise((resolve, reject) => {
    const choose = (item: Item | undefined, preview: boolean) => {
      if (!target || item?.newName === undefined) return;
      resolve({ target, newName: item.newName, preview });
      pick.hide();
    };
    pick.onDidChangeValue((typed) => {
      if (target) pick.items = itemsOf(target, typed.trim());
    });
    pick.onDidTriggerItemButton(({ item }) => {
      choose(item, true);
    });
    pick.onDidAccept(() => {
      choose(pick.selectedItems[0], false);
    });
    pick.onDidHide(() => {
      resolve(undefined);
      asking.cancel();
      asking.dispose();
      pick.dispose();
    });
    pick.show();
    find(asking.token).then(
      (found) => {
        target = found;
        pick.title = vscode.l10n.t("Names for {0}", found.qualified_name);
        pick.items = itemsOf(found, pick.value.trim());
        pick.busy = false;
      },
      (problem: unknown) => {
        reject(problem instanceof Error ? problem : new Error(String(problem)));
        pick.hide();
      },
    );
  });
}

/** The names suggested; one of the user's own comes last, once it could be one. */
function itemsOf({ name, suggestions }: NamedFunction, typed: string): Item[] {
  const preview = { iconPath: new vscode.ThemeIcon("diff"), tooltip: vscode.l10n.t("Preview the Change") };
  const items: Item[] = suggestions.filter((each) => each.name !== name).map(itemOf);
  if (isIdentifier(typed) && typed !== name && !items.some(({ newName }) => newName === typed)) {
    items.push({ label: typed, description: vscode.l10n.t("your own"), newName: typed, alwaysShow: true });
  }
  if (items.length > 0) return items.map((each) => ({ ...each, buttons: [preview] }));
  return [{ label: vscode.l10n.t("No better name is likely enough. Type one of your own."), alwaysShow: true }];
}

function itemOf({ name, probability, source }: NameSuggestion): Item {
  return { label: name, description: `${percent(probability)} · ${source}`, newName: name };
}

export function isIdentifier(text: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text);
}
