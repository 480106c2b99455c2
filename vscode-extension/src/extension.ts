/**
 * The extension's beginning and end: makes its parts, hands them to each other, registers the commands.
 *
 * In: the editor's activation. Out: commands, the status item, a started server. Must not know what any part does.
 */

import * as vscode from "vscode";
import { Server } from "./client";
import { Explanation } from "./commands/explain";
import { suggestNames } from "./commands/names";
import { searchCode } from "./commands/search";
import { compareSimilar, findSimilar, findSimilarToClipboard } from "./commands/similar";
import { pause, reindex, showDuplicates, showStatus, summarise } from "./commands/workspace";
import { Launcher } from "./launch";
import { codekinMiddleware } from "./middleware";
import { Problem, show } from "./problem";
import type { Position } from "./protocol";
import { RESTARTING_KEYS, SECTION, serverSettings } from "./settings";
import { StatusHolder } from "./status";
import { compare, registerComparison } from "./views/comparison";
import { CodeMap } from "./views/map";
import { type Leaf, ResultsView } from "./views/results";
import { createStatusItem } from "./views/statusItem";
import { cancelWaiting } from "./waiting";

/** What a failed set-up may have lacked, besides our own settings. */
const MENDING_KEYS = ["http.proxy", "http.proxySupport", "python.defaultInterpreterPath"];

let end: (() => Promise<void>) | undefined;

/** What tests and other extensions may ask of this one. */
export interface Api {
  /** The server's process, where it runs. */
  pid: () => number | undefined;
  state: () => string;
}

export function activate(context: vscode.ExtensionContext): Api {
  const log = vscode.window.createOutputChannel("codekin", { log: true });
  const status = new StatusHolder();
  const launcher = new Launcher(context, log);
  const started: Server = new Server(
    launcher,
    status,
    log,
    codekinMiddleware(() => started, log),
  );
  end = async () => {
    await started.stop();
    await launcher.environment.leave();
  };
  const view = new ResultsView();
  const explanation = new Explanation();
  const map = new CodeMap(context.extensionUri, started);
  context.subscriptions.push(log, status, createStatusItem(status), view, explanation, map, registerComparison());
  const commands: Commands = {
    searchCode: () => searchIn(started, view),
    searchToView: () => searchIn(started, view, true),
    findSimilar: () => findSimilar(started),
    findSimilarToClipboard: () => findSimilarToClipboard(started, view),
    compareSimilar: () => compareSimilar(started),
    // The code lens of the server hands these over.
    showSimilar: (uri: string, position: Position) => findSimilar(started, { uri, position }),
    suggestNamesForFunction: () => suggestNames(started, log),
    explainName: () => explanation.explain(started),
    clearExplanation: () => {
      explanation.clear();
    },
    cancelRequest: () => {
      cancelWaiting();
    },
    showDuplicates: () => showDuplicates(started, view),
    summariseFunction: () => summarise(started),
    showMap: () => map.show(),
    ...ofServer(started, launcher, status, log),
    ...ofResults(view),
  };
  for (const [name, run] of Object.entries(commands)) register(context, name, run);
  context.subscriptions.push(vscode.workspace.onDidChangeConfiguration((event) => void configured(event, started)));
  context.subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(() => void started.restart()));
  void vscode.commands.executeCommand("setContext", "codekin.active", true);
  void started.start();
  return { pid: () => started.pid, state: () => status.value.state };
}

export async function deactivate(): Promise<void> {
  await end?.();
}

type Commands = Record<string, (...given: never[]) => unknown>;

function ofServer(started: Server, launcher: Launcher, status: StatusHolder, log: vscode.LogOutputChannel): Commands {
  return {
    reindexWorkspace: () => reindex(started),
    pauseIndexing: () => pause(started, true),
    resumeIndexing: () => pause(started, false),
    restartServer: async () => {
      await started.restart();
      await started.running();
    },
    rebuildEnvironment: () => rebuild(started, launcher),
    showLog: () => {
      log.show();
    },
    showStatus: () => showStatus(started, status),
  };
}

/** A list that answers at every key can show no button: what is wrong already is told before. */
async function searchIn(started: Server, view: ResultsView, keep = false): Promise<void> {
  const failure = started.failure();
  if (failure) throw failure;
  await searchCode(started, view, keep);
}

async function rebuild(started: Server, launcher: Launcher): Promise<void> {
  let kept = 0;
  await started.restart(async (signal) => {
    kept = await launcher.environment.clear(signal);
  });
  if (kept > 0) {
    const message = vscode.l10n.t("codekin's environment stays while other windows use it: close them and rebuild it.");
    void vscode.window.showWarningMessage(message);
  }
  await started.running();
}

function ofResults(view: ResultsView): Commands {
  return {
    "results.open": (leaf: Leaf) => view.open(leaf),
    "results.next": () => view.step(1),
    "results.previous": () => view.step(-1),
    "results.copy": () => view.copy(),
    "results.clear": () => view.clear(),
    "results.again": () => view.again(),
    "results.compare": ({ place, partner }: Leaf) => partner && compare(partner, place),
  };
}

/** Whatever fails in a command is told once, here: the user has asked for it. */
function register(context: vscode.ExtensionContext, name: string, run: (...given: never[]) => unknown): void {
  const guarded = async (...given: never[]) => {
    try {
      await run(...given);
    } catch (problem) {
      if (problem instanceof vscode.CancellationError) return;
      if (!(problem instanceof Problem)) throw problem;
      await show(problem);
    }
  };
  context.subscriptions.push(vscode.commands.registerCommand(`codekin.${name}`, guarded));
}

async function configured(event: vscode.ConfigurationChangeEvent, started: Server): Promise<void> {
  const mends = started.failure() !== undefined && MENDING_KEYS.some((key) => event.affectsConfiguration(key));
  if (mends) await started.restart();
  if (!event.affectsConfiguration(SECTION)) return;
  if (RESTARTING_KEYS.some((key) => event.affectsConfiguration(`${SECTION}.${key}`))) {
    await started.restart();
    return;
  }
  await started.tell("workspace/didChangeConfiguration", { settings: { [SECTION]: serverSettings() } });
}
