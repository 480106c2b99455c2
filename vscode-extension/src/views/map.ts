/**
 * The code map: the workspace's functions in one picture, laid out by meaning.
 *
 * In: points of the server. Out: a webview; what is clicked there is opened here. The page gets no more than it shows
 * and may run no script but its own. Must not know how the points are laid out.
 */

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { Server } from "../client";
import { keyOf, shownSpot } from "../places";
import { messageOf, show } from "../problem";
import type { MapAnswer, Place, Point } from "../protocol";
import { waitFor } from "../waiting";
import type { FromPage, MapData, MapPoint, ToPage } from "../webview/messages";
import { showPlace } from "./document";

const FOUND = 50;

export class CodeMap implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private answer: MapAnswer | undefined;
  private question: { folder?: string } = {};
  private searching: vscode.CancellationTokenSource | undefined;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly server: Server,
  ) {}

  async show(): Promise<void> {
    const question = await chosenFolder();
    if (!question) return;
    this.answer = await waitFor(vscode.l10n.t("codekin: drawing the map"), (token) =>
      this.server.ask("codekin.map", question, { token }),
    );
    this.question = question;
    if (this.panel) {
      this.panel.reveal();
      await this.draw();
    } else {
      this.panel = this.open();
    }
  }

  private open(): vscode.WebviewPanel {
    const dist = vscode.Uri.joinPath(this.extension, "dist");
    const media = vscode.Uri.joinPath(this.extension, "media");
    const panel = vscode.window.createWebviewPanel("codekin.map", vscode.l10n.t("Code Map"), vscode.ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: [dist, media],
    });
    panel.iconPath = vscode.Uri.joinPath(media, "mark.svg");
    panel.webview.onDidReceiveMessage((message: FromPage) => void this.heard(message));
    panel.onDidDispose(() => {
      this.searching?.cancel();
      this.panel = undefined;
      this.answer = undefined;
    });
    const script = panel.webview.asWebviewUri(vscode.Uri.joinPath(dist, "map.js"));
    const style = panel.webview.asWebviewUri(vscode.Uri.joinPath(media, "map.css"));
    panel.webview.html = pageOf(panel.webview.cspSource, script.toString(), style.toString());
    return panel;
  }

  private async heard(message: FromPage): Promise<void> {
    if (message.type === "ready") {
      await this.draw();
    } else if (message.type === "open") {
      const point = this.answer?.points[message.index];
      if (point) await showPlace(point, { viewColumn: vscode.ViewColumn.Beside, preview: true }).catch(show);
    } else {
      await this.search(message.query);
    }
  }

  private async draw(): Promise<void> {
    if (this.answer) await this.send({ type: "draw", data: dataOf(this.answer) });
  }

  /** What fits a description, among the points; a failure leaves the page with the names that it finds itself. */
  private async search(query: string): Promise<void> {
    this.searching?.cancel();
    const searching = (this.searching = new vscode.CancellationTokenSource());
    const { points = [] } = this.answer ?? {};
    try {
      const question = { ...this.question, query, limit: FOUND };
      const { results } = await this.server.ask("codekin.search", question, { token: searching.token });
      await this.send({ type: "found", query, indices: indicesOf(results, points) });
    } catch (problem) {
      if (searching.token.isCancellationRequested) return;
      await this.send({ type: "failed", message: messageOf(problem) });
    } finally {
      searching.dispose();
    }
  }

  private async send(message: ToPage): Promise<void> {
    await this.panel?.webview.postMessage(message);
  }

  dispose(): void {
    this.panel?.dispose();
  }
}

/** A map is of one folder; undefined where there are several and none was chosen. */
async function chosenFolder(): Promise<{ folder?: string } | undefined> {
  if ((vscode.workspace.workspaceFolders ?? []).length < 2) return {};
  const placeHolder = vscode.l10n.t("The folder to draw");
  const chosen = await vscode.window.showWorkspaceFolderPick({ placeHolder });
  return chosen && { folder: chosen.uri.toString() };
}

export function indicesOf(results: readonly Place[], points: readonly Point[]): number[] {
  const indices = new Map(points.map((point, index) => [keyOf(point), index]));
  return results.flatMap((result) => indices.get(keyOf(result)) ?? []);
}

/** What the page draws, with its texts in the user's language. */
export function dataOf(answer: MapAnswer): MapData {
  // Where all stand in one folder, colours tell files apart.
  const isOne = new Set(answer.points.map(({ folder }) => folder)).size < 2;
  const points: MapPoint[] = answer.points.map((point) => ({
    x: point.x,
    y: point.y,
    folder: isOne ? point.path : point.folder,
    name: point.qualified_name,
    at: shownSpot(point),
  }));
  return {
    points,
    links: answer.links,
    note: answer.note,
    texts: {
      count: vscode.l10n.t("{0} functions, near-duplicates joined", points.length),
      nothing: vscode.l10n.t("There is nothing to draw yet: the index is not ready."),
      found: vscode.l10n.t("{0} found", "{0}"),
      others: isOne ? vscode.l10n.t("other files") : vscode.l10n.t("other folders"),
      root: vscode.workspace.name ?? ".",
    },
  };
}

function pageOf(source: string, script: string, style: string): string {
  const nonce = randomBytes(16).toString("base64");
  const policy = `default-src 'none'; style-src ${source}; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none';`;
  const search = escaped(vscode.l10n.t("Search by name or description"));
  const help = escaped(vscode.l10n.t("Arrow keys move to the nearest function, Enter opens it, / searches."));
  const map = escaped(vscode.l10n.t("Map of the workspace's functions"));
  const folders = escaped(vscode.l10n.t("Folders"));
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="${style}">
<title>${map}</title>
</head>
<body>
<header>
<input id="search" type="search" placeholder="${search}" aria-label="${search}" autocomplete="off" spellcheck="false">
<span id="count" role="status"></span>
</header>
<main>
<div id="plot">
<canvas id="map" tabindex="0" role="application" aria-label="${map}" aria-describedby="help"></canvas>
<div id="tip" role="tooltip" hidden></div>
</div>
<ul id="legend" aria-label="${folders}"></ul>
</main>
<footer><span id="at" role="status" aria-live="polite"></span><span id="help">${help}</span></footer>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

/** A translation may hold anything. */
function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
