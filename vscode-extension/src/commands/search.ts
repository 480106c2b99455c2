/**
 * Search Code: a list that answers while one types.
 *
 * In: what is typed. Out: the chosen place, opened, or all of them in the results view. Only the answer to the last
 * keystroke counts; earlier questions are cancelled. Must not know how anything is found.
 */

import * as vscode from "vscode";
import type { Server } from "../client";
import { iconOf, keyOf, percent, reasonOf, shownSpot } from "../places";
import { messageOf, Problem, type Remedy } from "../problem";
import type { SearchAnswer, SearchQuestion, SearchResult } from "../protocol";
import { parseQuery, withNextTests } from "../query";
import { Preview } from "../views/preview";
import type { ResultsView } from "../views/results";
import { waitFor } from "../waiting";

const TYPING_PAUSE = 120;
const MOVING_PAUSE = 80;

interface Item extends vscode.QuickPickItem {
  result?: SearchResult;
  /** What Enter does about a failure. */
  remedy?: Remedy;
}

export async function searchCode(server: Server, view: ResultsView, keep = false): Promise<void> {
  const selected = vscode.window.activeTextEditor;
  const text = selected && !selected.selection.isEmpty ? selected.document.getText(selected.selection) : "";
  const search = new Search(server, view, keep);
  await search.run(/^\S+$/.test(text) ? text : "");
}

/** The question as the server takes it; only what was chosen is sent, the rest is for its settings to say. */
export function questionOf(text: string, folders: readonly vscode.WorkspaceFolder[]): SearchQuestion | undefined {
  const { folder, ...query } = parseQuery(text);
  if (query.query === "") return undefined;
  const uri = folder === undefined ? undefined : folderUri(folder, folders);
  return uri === undefined ? query : { ...query, folder: uri };
}

function folderUri(typed: string, folders: readonly vscode.WorkspaceFolder[]): string | undefined {
  const [first = "", ...rest] = typed.split("/");
  const named = folders.find((each) => each.name === first);
  if (named && folders.length > 1) return vscode.Uri.joinPath(named.uri, ...rest).toString();
  const root = folders[0];
  return root && vscode.Uri.joinPath(root.uri, typed).toString();
}

class Search {
  private readonly pick = vscode.window.createQuickPick<Item>();
  private readonly preview = new Preview();
  private readonly keepButton = button("list-tree", vscode.l10n.t("Keep the Results in a View"));
  private readonly testsButton = button("beaker", vscode.l10n.t("Tests: Include, Exclude, Only"));
  private asking: vscode.CancellationTokenSource | undefined;
  private typing: NodeJS.Timeout | undefined;
  private moving: NodeJS.Timeout | undefined;
  private answer: SearchAnswer | undefined;
  private hasMoved = false;
  private isDone = false;

  constructor(
    private readonly server: Server,
    private readonly view: ResultsView,
    private readonly keep: boolean,
  ) {
    const { pick } = this;
    pick.placeholder = vscode.l10n.t("What does the code do? Also kind:class, tests:exclude, in:folder");
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    pick.keepScrollPosition = true;
    // The server ranks. Not in the API's types, but the only way to keep its order.
    (pick as { sortByLabel?: boolean }).sortByLabel = false;
    pick.buttons = [this.testsButton, this.keepButton];
  }

  run(text: string): Promise<void> {
    const { pick } = this;
    return new Promise((resolve) => {
      pick.onDidChangeValue(() => {
        this.typed();
      });
      pick.onDidChangeActive(([item]) => {
        this.moved(item);
      });
      pick.onDidTriggerButton((pressed) => {
        this.pressed(pressed);
      });
      pick.onDidAccept(() => {
        this.accepted();
      });
      pick.onDidHide(() => {
        void this.hidden().finally(resolve);
      });
      pick.value = text;
      pick.show();
      if (text) this.typed();
    });
  }

  private typed(): void {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => void this.ask(this.pick.value), TYPING_PAUSE);
  }

  private async ask(text: string): Promise<void> {
    this.asking?.cancel();
    const question = questionOf(text, vscode.workspace.workspaceFolders ?? []);
    this.hasMoved = false;
    if (!question) {
      this.answer = undefined;
      this.pick.items = [];
      this.pick.busy = false;
      return;
    }
    const asking = (this.asking = new vscode.CancellationTokenSource());
    this.pick.busy = true;
    const show = (answer: SearchAnswer) => {
      if (this.asking === asking && !asking.token.isCancellationRequested) this.show(answer);
    };
    try {
      show(await this.server.ask("codekin.search", question, { token: asking.token, onPartial: show }));
    } catch (problem) {
      if (!asking.token.isCancellationRequested && !(problem instanceof vscode.CancellationError)) this.failed(problem);
    } finally {
      if (this.asking === asking) this.pick.busy = false;
      asking.dispose();
    }
  }

  private show(answer: SearchAnswer): void {
    const active = this.pick.activeItems[0]?.result;
    this.answer = answer;
    const items = answer.results.map(itemOf);
    this.pick.items = items.length > 0 ? items : [saying(answer.note ?? vscode.l10n.t("Nothing was found."))];
    this.pick.title = answer.note ?? undefined;
    // Whoever has moved stays where they are when better results come in.
    const kept = this.hasMoved && active && items.find((item) => item.result && keyOf(item.result) === keyOf(active));
    if (kept) this.pick.activeItems = [kept];
  }

  private failed(problem: unknown): void {
    this.pick.items = [failing(problem)];
  }

  private moved(item: Item | undefined): void {
    const result = item?.result;
    if (!result) return;
    if (item !== this.pick.items[0]) this.hasMoved = true;
    clearTimeout(this.moving);
    this.moving = setTimeout(() => void this.previewResult(result), MOVING_PAUSE);
  }

  private async previewResult(result: SearchResult): Promise<void> {
    if (!this.isDone) await this.preview.show(result, result.snippet);
  }

  private pressed(pressed: vscode.QuickInputButton): void {
    if (pressed === this.testsButton) {
      this.pick.value = withNextTests(this.pick.value);
      this.typed();
    } else {
      this.keepResults();
    }
  }

  private accepted(): void {
    const { result, remedy } = this.pick.selectedItems[0] ?? {};
    if (remedy) this.remedied(remedy);
    else if (this.keep) this.keepResults();
    else if (result) this.finish(() => this.preview.open(result));
  }

  private remedied(remedy: Remedy): void {
    this.pick.hide();
    void remedy.run();
  }

  private keepResults(): void {
    const { answer } = this;
    if (!answer || answer.results.length === 0) return;
    const text = this.pick.value;
    const again = () => searchToView(this.server, this.view, text);
    this.finish(async () => {
      await this.preview.restore();
      await this.view.show({ kind: "search", title: text, results: answer.results, again });
    });
  }

  private finish(work: () => Promise<void>): void {
    this.isDone = true;
    void work().finally(() => {
      this.pick.hide();
    });
  }

  private async hidden(): Promise<void> {
    clearTimeout(this.typing);
    clearTimeout(this.moving);
    this.asking?.cancel();
    if (!this.isDone) {
      this.isDone = true;
      await this.preview.restore();
    }
    this.preview.dispose();
    this.pick.dispose();
  }
}

/** The same search once more, without the list. */
async function searchToView(server: Server, view: ResultsView, text: string): Promise<void> {
  const question = questionOf(text, vscode.workspace.workspaceFolders ?? []);
  if (!question) return;
  const { results } = await waitFor(vscode.l10n.t("codekin: searching"), (token) =>
    server.ask("codekin.search", question, { token }),
  );
  await view.show({ kind: "search", title: text, results, again: () => searchToView(server, view, text) });
}

function itemOf(result: SearchResult): Item {
  return {
    label: `$(${iconOf(result.kind)}) ${result.qualified_name}`,
    description: `${percent(result.score)} · ${reasonOf(result)}`,
    detail: `${shownSpot(result, result.snippet?.line)}  ${result.snippet?.text.trim() ?? ""}`,
    alwaysShow: true,
    result,
  };
}

function saying(message: string): Item {
  return { label: `$(info) ${message}`, alwaysShow: true };
}

/** A failure as a row; its first button is what Enter does. */
export function failing(problem: unknown): Item {
  const [remedy] = problem instanceof Problem ? problem.remedies : [];
  const item = saying(messageOf(problem));
  return remedy ? { ...item, detail: vscode.l10n.t("Enter: {0}", remedy.title), remedy } : item;
}

function button(icon: string, tooltip: string): vscode.QuickInputButton {
  return { iconPath: new vscode.ThemeIcon(icon), tooltip };
}
