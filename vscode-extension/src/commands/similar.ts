/**
 * Find Similar Functions, from the cursor, a selection or the clipboard; and a comparison side by side.
 *
 * In: a place or text. Out: the references peek, the results view, or the diff editor. Must not know what alike means.
 */

import * as vscode from "vscode";
import type { Server } from "../client";
import { iconOf, percent, plainRange, positionOf, reasonOf, shownSpot } from "../places";
import type { Place, SearchResult, SimilarAnswer, SimilarQuestion } from "../protocol";
import { compare } from "../views/comparison";
import { locationOf } from "../views/document";
import { Preview } from "../views/preview";
import type { ResultsView } from "../views/results";
import { pickFrom, waitFor, type Work } from "../waiting";

type PlaceInFile = Exclude<SimilarQuestion, { text: string }>;

interface KinItem extends vscode.QuickPickItem {
  /** The function that it is similar to. */
  target?: Place | null;
  result?: SearchResult;
}

export async function findSimilar(server: Server, given?: PlaceInFile): Promise<void> {
  const question = given ?? ofEditor(vscode.window.activeTextEditor);
  if (!question) return;
  const answer = await ask(server, question);
  if (!hasKin(answer)) return;
  const target = answer.target ? [answer.target] : [];
  // The peek opens on the first location: the present function, to see what the others are like.
  const locations = await Promise.all([...target, ...answer.results].map(locationOf));
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
  const answer = await ask(server, { text });
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
  const chosen = await pickKin((token) => server.ask("codekin.similar", question, { token }));
  if (chosen?.target && chosen.result) await compare(chosen.target, chosen.result);
}

async function pickKin(find: Work<SimilarAnswer>): Promise<KinItem | undefined> {
  const preview = new Preview();
  const onDidSelectItem = ({ result }: KinItem) => void (result && preview.show(result));
  try {
    const title = vscode.l10n.t("Compare with a Similar Function");
    const chosen = await pickFrom<KinItem>({ title, onDidSelectItem }, async (token) => kinItems(await find(token)));
    await preview.restore();
    return chosen;
  } finally {
    preview.dispose();
  }
}

function kinItems({ target, results, note }: SimilarAnswer): KinItem[] {
  if (results.length === 0) return [{ label: `$(info) ${note ?? vscode.l10n.t("Nothing similar was found.")}` }];
  return results.map((result) => ({
    label: `$(${iconOf(result.kind)}) ${result.qualified_name}`,
    description: `${percent(result.score)} · ${reasonOf(result)}`,
    detail: shownSpot(result),
    target,
    result,
  }));
}

function ask(server: Server, question: SimilarQuestion): Promise<SimilarAnswer> {
  return waitFor(vscode.l10n.t("codekin: looking for similar functions"), (token) =>
    server.ask("codekin.similar", question, { token }),
  );
}

function hasKin(answer: SimilarAnswer): boolean {
  if (answer.results.length > 0) return true;
  void vscode.window.showInformationMessage(answer.note ?? vscode.l10n.t("Nothing similar was found."));
  return false;
}

function ofEditor(editor: vscode.TextEditor | undefined): PlaceInFile | undefined {
  if (!editor) return undefined;
  const uri = editor.document.uri.toString();
  const { selection } = editor;
  return selection.isEmpty ? { uri, position: positionOf(selection.active) } : { uri, range: plainRange(selection) };
}
