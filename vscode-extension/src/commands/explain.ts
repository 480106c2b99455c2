/**
 * Explain This Name: what of a function carried the names suggested for it, marked in the editor.
 *
 * In: the function around the cursor. Out: marks in five strengths with a legend, until they are cleared, the text
 * changes or its file is closed. Must not know how a model attends.
 */

import * as vscode from "vscode";
import type { Server } from "../client";
import { percent, positionOf, rangeOf } from "../places";
import { Problem } from "../problem";
import type { ExplainAnswer, Range, WeightedContext } from "../protocol";
import { waitFor } from "../waiting";

export const STRENGTHS = 5;
const SHOWN_CONTEXTS = 5;
/** Seen in themes of high contrast only, where backgrounds differ too little. */
const BORDERS = ["1px dotted", "1px dotted", "1px dashed", "1px solid", "2px solid"];

/** A piece of code, its share, and the ways through the tree that it is an end of, strongest first. */
export interface Mark {
  range: Range;
  weight: number;
  contexts: WeightedContext[];
}

/** What an editor of the explained document shows. */
interface Shown {
  uri: string;
  names: string[];
  /** Of each strength. */
  marks: vscode.DecorationOptions[][];
  legend: vscode.DecorationOptions[];
}

export class Explanation implements vscode.Disposable {
  private readonly types = Array.from({ length: STRENGTHS }, (_, index) =>
    vscode.window.createTextEditorDecorationType({
      backgroundColor: new vscode.ThemeColor(`codekin.strength${index + 1}`),
      borderRadius: "2px",
      border: BORDERS[index] ?? "",
      borderColor: new vscode.ThemeColor("codekin.strengthBorder"),
      overviewRulerColor: new vscode.ThemeColor(`codekin.strength${index + 1}`),
      overviewRulerLane: vscode.OverviewRulerLane.Right,
    }),
  );
  private readonly legend = vscode.window.createTextEditorDecorationType({});
  private readonly bar = vscode.window.createStatusBarItem("codekin.explanation", vscode.StatusBarAlignment.Right, 100);
  private readonly listeners: vscode.Disposable[];
  private shown: Shown | undefined;

  constructor() {
    this.bar.name = vscode.l10n.t("codekin: explanation");
    this.bar.command = "codekin.clearExplanation";
    this.listeners = [
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && this.isOf(document)) this.clear();
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (this.isOf(document)) this.clear();
      }),
      // A tab that comes back has another editor, without marks.
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        this.mark(editors);
      }),
      vscode.window.onDidChangeActiveTextEditor(() => {
        if (this.shown) this.offerToClear();
      }),
    ];
  }

  async explain(server: Server): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (!editor) return;
    const { document } = editor;
    const { version } = document;
    const uri = document.uri.toString();
    const position = positionOf(editor.selection.active);
    const answer = await waitFor(vscode.l10n.t("codekin: explaining the name"), (token) =>
      server.ask("codekin.explain", { uri, position, naming: true }, { token }),
    );
    if (document.version !== version)
      throw new Problem(vscode.l10n.t("The document has changed meanwhile: ask again."));
    this.show(editor, answer);
  }

  clear(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      for (const type of [...this.types, this.legend]) editor.setDecorations(type, []);
    }
    this.shown = undefined;
    this.offerToClear();
  }

  private show(editor: vscode.TextEditor, answer: ExplainAnswer): void {
    this.clear();
    const marks = marksOf(answer.contexts);
    if (!answer.target || marks.length === 0) {
      throw new Problem(
        answer.note ?? vscode.l10n.t("There is too little here to explain: no paths through the code."),
      );
    }
    const { document } = editor;
    const names = (answer.names ?? []).slice(0, 3).map(({ name, probability }) => `${name} ${percent(probability)}`);
    const first = document.validateRange(rangeOf(answer.target.range)).start.line;
    const legend = legendOf(document.lineAt(first).range.end, names);
    this.shown = { uri: document.uri.toString(), names, marks: byStrength(marks), legend };
    this.mark(vscode.window.visibleTextEditors);
    this.offerToClear();
  }

  private mark(editors: readonly vscode.TextEditor[]): void {
    const { shown } = this;
    if (!shown) return;
    for (const editor of editors.filter(({ document }) => this.isOf(document))) {
      this.types.forEach((type, index) => {
        editor.setDecorations(type, shown.marks[index] ?? []);
      });
      editor.setDecorations(this.legend, shown.legend);
    }
  }

  /** Only while its document is the active one: Esc means what is seen. */
  private offerToClear(): void {
    const { shown } = this;
    const document = vscode.window.activeTextEditor?.document;
    const isActive = document !== undefined && this.isOf(document);
    void vscode.commands.executeCommand("setContext", "codekin.explaining", isActive);
    if (!isActive) {
      this.bar.hide();
      return;
    }
    this.bar.text = `$(clear-all) ${vscode.l10n.t("Clear the explanation")}`;
    this.bar.tooltip = shown?.names.join(", ");
    this.bar.show();
  }

  private isOf(document: vscode.TextDocument): boolean {
    return document.uri.toString() === this.shown?.uri;
  }

  dispose(): void {
    for (const each of [...this.listeners, this.bar, ...this.types, this.legend]) each.dispose();
  }
}

/** The pieces of code that contexts end at, strongest first; each context gives its weight to both ends. */
export function marksOf(contexts: readonly WeightedContext[]): Mark[] {
  const marks = new Map<string, Mark>();
  for (const context of contexts) {
    const ends = [context.startRange, context.endRange];
    const distinct = JSON.stringify(ends[0]) === JSON.stringify(ends[1]) ? ends.slice(1) : ends;
    for (const range of distinct) {
      const key = JSON.stringify(range);
      const mark = marks.get(key) ?? { range, weight: 0, contexts: [] };
      mark.weight += context.weight;
      mark.contexts.push(context);
      marks.set(key, mark);
    }
  }
  const sorted = [...marks.values()].sort((one, other) => other.weight - one.weight);
  for (const mark of sorted) mark.contexts.sort((one, other) => other.weight - one.weight);
  return sorted;
}

/** 1 to 5, in steps of a fifth of the strongest. */
export function strengthOf(weight: number, strongest: number): number {
  if (strongest <= 0) return 1;
  return Math.max(1, Math.min(STRENGTHS, Math.ceil((weight / strongest) * STRENGTHS)));
}

function byStrength(marks: readonly Mark[]): vscode.DecorationOptions[][] {
  const strongest = marks[0]?.weight ?? 1;
  return Array.from({ length: STRENGTHS }, (_, index) =>
    marks
      .filter(({ weight }) => strengthOf(weight, strongest) === index + 1)
      .map((mark) => ({ range: rangeOf(mark.range), hoverMessage: hoverOf(mark) })),
  );
}

function hoverOf(mark: Mark): vscode.MarkdownString {
  const text = new vscode.MarkdownString(`codekin: **${percent(mark.weight)}**\n\n`);
  for (const { start, path, end, weight } of mark.contexts.slice(0, SHOWN_CONTEXTS)) {
    text
      .appendMarkdown(`- ${percent(weight)}: \``)
      .appendText(`${start} … ${end}`)
      .appendMarkdown(`\`  \n`);
    text.appendText(path).appendMarkdown("\n");
  }
  return text;
}

/** A bar from weak to strong and the names, behind the function's first line. One decoration: the order of several is open. */
function legendOf(at: vscode.Position, names: readonly string[]): vscode.DecorationOptions[] {
  const steps = Array.from({ length: STRENGTHS }, (_, index) => {
    const [from, to] = [index, index + 1].map((each) => `${(each * 100) / STRENGTHS}%`);
    return `var(--vscode-codekin-strength${index + 1}) ${from} ${to}`;
  });
  const gap = "\u00a0".repeat(2 * STRENGTHS);
  const before = {
    contentText: ` ${vscode.l10n.t("weak")}${gap}${vscode.l10n.t("strong")} `,
    margin: "0 0 0 2em",
    // The API has no gradients; what follows the semicolon is a declaration of its own.
    textDecoration: `none; background: linear-gradient(90deg, ${steps.join(", ")}); border-radius: 2px`,
  };
  const after = {
    contentText: vscode.l10n.t("{0} (Esc clears)", names.join(", ")),
    color: new vscode.ThemeColor("editorCodeLens.foreground"),
    fontStyle: "italic",
    margin: "0 0 0 1em",
  };
  return [{ range: new vscode.Range(at, at), renderOptions: { before, after } }];
}
