/**
 * Find Similar Functions, from the cursor, a selection or the clipboard; and a comparison side by side.
 *
 * In: a place or text. Out: the references peek, the results view, or the diff editor. Must not know what alike means.
 */

import * as vscode from "vscode";
import type { Server } from "../client";
import { iconOf, locationOf, percent, plainRange, positionOf, reasonOf, shownPath } from "../places";
import type { Position, Range, SearchResult, SimilarAnswer, SimilarQuestion } from "../protocol";
import { compare } from "../views/comparison";
import { Preview } from "../views/preview";
import type { ResultsView } from "../views/results";

/** What a code lens of the server hands over. */
interface LensArgument {
  uri: string;
  position?: Position;
  range?: Range;
}

export async function findSimilar(server: Server, given?: LensArgument): Promise<void> {
  const question = given ? ofLens(given) : ofEditor(vscode.window.activeTextEditor);
  if (!question) return;
  const answer = await server.ask("codekin.similar", question);
  if (!hasKin(answer)) return;
  const target = answer.target ? [locationOf(answer.target)] : [];
  // The peek opens on the first location: the present function, to see what the others are like.
  const locations = [...target, ...answer.results.map(locationOf)];
  const at = "position" in question ? question.position : question.range.start;
  const position = new vscode.Position(at.line, at.character);
  await vscode.commands.executeCommand(
    "editor.action.showReferences",
    vscode.Uri.parse(question.uri),
    position,
    locations,
  );
}

export async function findSimilarToClipboard(server: Server, view: ResultsView): Promise<void> {
  const text = await vscode.env.clipboard.readText();
  if (!text.trim()) {
    void vscode.window.showInformationMessage(vscode.l10n.t("The clipboard is empty: copy some Python code first."));
    return;
  }
  const answer = await server.ask("codekin.similar", { text });
  if (!hasKin(answer)) return;
  const title = vscode.l10n.t("similar to the clipboard");
  await view.show({
    kind: "search",
    title,
    results: answer.results,
    again: () => findSimilarToClipboard(server, view),
  });
}

export async function compareSimilar(server: Server): Promise<void> {
  const question = ofEditor(vscode.window.activeTextEditor);
  if (!question) return;
  const answer = await server.ask("codekin.similar", question);
  if (!hasKin(answer) || !answer.target) return;
  const chosen = await pickKin(answer.target.name, answer.results);
  if (chosen) await compare(answer.target, chosen);
}

async function pickKin(name: string, results: readonly SearchResult[]): Promise<SearchResult | undefined> {
  const preview = new Preview();
  const items = results.map((result) => ({
    label: `$(${iconOf(result.kind)}) ${result.qualified_name}`,
    description: `${percent(result.score)} · ${reasonOf(result)}`,
    detail: `${shownPath(result)}:${result.start_line}`,
    result,
  }));
  try {
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t("Compare {0} with", name),
      onDidSelectItem: (item) => void preview.show((item as (typeof items)[number]).result),
    });
    await preview.restore();
    return chosen?.result;
  } finally {
    preview.dispose();
  }
}

function hasKin(answer: SimilarAnswer): boolean {
  if (answer.results.length > 0) return true;
  void vscode.window.showInformationMessage(answer.note ?? vscode.l10n.t("Nothing similar was found."));
  return false;
}

type PlaceInFile = Exclude<SimilarQuestion, { text: string }>;

function ofEditor(editor: vscode.TextEditor | undefined): PlaceInFile | undefined {
  if (!editor) return undefined;
  const uri = editor.document.uri.toString();
  const { selection } = editor;
  return selection.isEmpty ? { uri, position: positionOf(selection.active) } : { uri, range: plainRange(selection) };
}

function ofLens({ uri, position, range }: LensArgument): PlaceInFile | undefined {
  if (position) return { uri, position };
  return range && { uri, position: range.start };
}
