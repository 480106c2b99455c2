/**
 * Shows results in the editor while a list is open, and puts everything back where that came to nothing.
 *
 * In: results to be shown. Out: editors with the result's lines marked. Must not know of the list.
 */

import * as vscode from "vscode";
import { rangeOf } from "../places";
import type { Place, Snippet } from "../protocol";
import { showPlace } from "./document";

export class Preview implements vscode.Disposable {
  private readonly lines = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor("editor.rangeHighlightBackground"),
  });
  private readonly words = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor("editor.findMatchHighlightBackground"),
    borderRadius: "2px",
  });
  /** A notebook knows itself where its cursor is. */
  private readonly notebook = vscode.window.activeNotebookEditor;
  private readonly before = vscode.window.activeTextEditor;
  private readonly selection = this.before?.selection;
  private readonly visible = this.before?.visibleRanges[0];
  private readonly tabs = new Set(allTabs());
  private marked: vscode.TextEditor | undefined;
  private latest = 0;
  private hasShown = false;
  private showing: Promise<void> = Promise.resolve();

  /** One after the other, so that none is still on its way when everything is put back; only the last is shown. */
  show(place: Place, snippet?: Snippet | null): Promise<void> {
    const turn = ++this.latest;
    const before = this.showing.catch(() => undefined);
    this.showing = before.then(() => (turn === this.latest ? this.showNow(turn, place, snippet) : undefined));
    return this.showing;
  }

  private async showNow(turn: number, place: Place, snippet?: Snippet | null): Promise<void> {
    this.hasShown = true;
    const editor = await showPlace(place, { preview: true, preserveFocus: true, ...this.column() });
    if (turn !== this.latest) return;
    this.unmark();
    this.marked = editor;
    if (!editor) return;
    const range = editor.document.validateRange(rangeOf(place.range));
    // The list covers the upper part of the editor.
    editor.revealRange(new vscode.Range(range.start, range.start), vscode.TextEditorRevealType.InCenter);
    editor.setDecorations(this.lines, [range]);
    editor.setDecorations(this.words, matchRanges(editor.document, snippet));
  }

  /** Opens it for good. */
  async open(place: Place): Promise<void> {
    await this.end();
    await showPlace(place, { preview: false, ...this.column() });
  }

  /** As it was before: the editor, its selection and what of it was in view; tabs that only showed results are closed. */
  async restore(): Promise<void> {
    await this.end();
    // Whoever saw nothing has nothing to be put back, and may be in another list by now.
    if (!this.hasShown) return;
    this.unmark();
    await this.goBack();
    const uri = this.uriBefore();
    const added = allTabs().filter((tab) => tab.isPreview && !this.tabs.has(tab) && uriOf(tab) !== uri);
    if (added.length > 0) await vscode.window.tabGroups.close(added, true);
  }

  private async goBack(): Promise<void> {
    const { notebook, before, selection, visible } = this;
    const viewColumn = this.column().viewColumn ?? vscode.ViewColumn.Active;
    const uri = this.uriBefore();
    const preview = [...this.tabs].some((tab) => tab.isPreview && uriOf(tab) === uri);
    if (notebook) {
      const { selections } = notebook;
      await vscode.window.showNotebookDocument(notebook.notebook, { viewColumn, preview, selections: [...selections] });
    } else if (before && selection) {
      const editor = await vscode.window.showTextDocument(before.document, { viewColumn, preview, selection });
      if (visible) editor.revealRange(visible, vscode.TextEditorRevealType.AtTop);
      editor.selection = selection;
    }
  }

  private uriBefore(): string | undefined {
    return (this.notebook?.notebook ?? this.before?.document)?.uri.toString();
  }

  /** Whatever is still to be shown is not, and what is being shown has been; whether it could be no longer matters. */
  private async end(): Promise<void> {
    this.latest += 1;
    await this.showing.catch(() => undefined);
  }

  private column(): { viewColumn?: vscode.ViewColumn } {
    const column = (this.notebook ?? this.before)?.viewColumn;
    return column === undefined ? {} : { viewColumn: column };
  }

  private unmark(): void {
    this.marked?.setDecorations(this.lines, []);
    this.marked?.setDecorations(this.words, []);
    this.marked = undefined;
  }

  dispose(): void {
    this.lines.dispose();
    this.words.dispose();
  }
}

/** Where a snippet's matches stand in the document: its text has no indentation. Nowhere where that line has changed. */
export function matchRanges(document: vscode.TextDocument, snippet: Snippet | null | undefined): vscode.Range[] {
  if (!snippet || snippet.line > document.lineCount) return [];
  const line = snippet.line - 1;
  const indent = document.lineAt(line).text.indexOf(snippet.text);
  if (indent < 0) return [];
  return snippet.matches.map(([start, end]) => new vscode.Range(line, indent + start, line, indent + end));
}

function allTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs);
}

function uriOf({ input }: vscode.Tab): string | undefined {
  const isDocument = input instanceof vscode.TabInputText || input instanceof vscode.TabInputNotebook;
  return isDocument ? input.uri.toString() : undefined;
}
