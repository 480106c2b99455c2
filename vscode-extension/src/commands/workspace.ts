/**
 * Commands about the workspace as a whole: duplicates, the index, the server's state.
 *
 * In: nothing but the user's wish. Out: the results view, a list of facts, or a changed state. Must not know how the
 * server does it.
 */

import * as vscode from "vscode";
import type { Server } from "../client";
import type { StatusAnswer } from "../protocol";
import type { StatusHolder } from "../status";
import type { ResultsView } from "../views/results";
import { describe } from "../views/statusItem";
import { pickFrom, waitFor } from "../waiting";

export async function showDuplicates(server: Server, view: ResultsView): Promise<void> {
  const answer = await waitFor(vscode.l10n.t("codekin: looking for duplicates"), (token) =>
    server.ask("codekin.duplicates", {}, { token }),
  );
  const again = () => showDuplicates(server, view);
  const note = answer.note ?? vscode.l10n.t("{0} groups", answer.clusters.length);
  await view.show({ kind: "duplicates", title: note, clusters: answer.clusters, again });
}

export async function summarise(server: Server): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return;
  const { line, character } = editor.selection.active;
  const question = { uri: editor.document.uri.toString(), position: { line, character } };
  const { target, summary, note } = await waitFor(vscode.l10n.t("codekin: summarising"), (token) =>
    server.ask("codekin.summarise", question, { token }),
  );
  if (summary === null) {
    void vscode.window.showInformationMessage(note ?? vscode.l10n.t("There is nothing to summarise here."));
    return;
  }
  const copy = vscode.l10n.t("Copy");
  const chosen = await vscode.window.showInformationMessage(`${target?.qualified_name ?? ""}: ${summary}`, copy);
  if (chosen === copy) await vscode.env.clipboard.writeText(summary);
}

export async function reindex(server: Server): Promise<void> {
  await server.ask("codekin.reindex", undefined);
}

export async function pause(server: Server, paused: boolean): Promise<void> {
  await server.ask("codekin.pause", { paused });
}

interface StatusItem extends vscode.QuickPickItem {
  command?: string;
}

/** What there is to know, and what can be done about it. */
export async function showStatus(server: Server, status: StatusHolder): Promise<void> {
  const title = vscode.l10n.t("codekin's state");
  const chosen = await pickFrom({ title }, (token) => statusItems(server, status, token));
  if (chosen?.command !== undefined) await vscode.commands.executeCommand(chosen.command);
}

async function statusItems(
  server: Server,
  status: StatusHolder,
  token: vscode.CancellationToken,
): Promise<StatusItem[]> {
  const runs = !["failed", "stopped", "setup"].includes(status.value.state);
  const answer = runs ? await server.ask("codekin.status", undefined, { token }) : {};
  const facts = factsOf(answer, server.origin).map(([label, description]) => ({ label, description }));
  const actions = [
    { label: `$(refresh) ${vscode.l10n.t("Reindex")}`, command: "codekin.reindexWorkspace" },
    status.value.state === "paused"
      ? { label: `$(play) ${vscode.l10n.t("Resume Indexing")}`, command: "codekin.resumeIndexing" }
      : { label: `$(debug-pause) ${vscode.l10n.t("Pause Indexing")}`, command: "codekin.pauseIndexing" },
    { label: `$(debug-restart) ${vscode.l10n.t("Restart Server")}`, command: "codekin.restartServer" },
    { label: `$(output) ${vscode.l10n.t("Show Log")}`, command: "codekin.showLog" },
  ];
  const { text, detail } = describe(status.value);
  const separator = { label: "", kind: vscode.QuickPickItemKind.Separator };
  const state = { label: text, description: detail };
  return [state, ...facts, separator, ...actions];
}

/** A fact a line; what the server does not say is left out. */
export function factsOf(answer: StatusAnswer, origin: string): [string, string][] {
  const folders = answer.folders ?? [];
  const number = (value: number | undefined) => (value === undefined ? undefined : value.toLocaleString());
  const megabytes = (value: number | undefined) => (value === undefined ? undefined : `${Math.round(value)} MB`);
  const first = folders[0] ?? answer;
  const memory = answer.memory_mb === undefined ? undefined : answer.memory_mb + (first.worker?.memory_mb ?? 0);
  const facts: [string, string | undefined][] = [
    [vscode.l10n.t("Workspace"), folders.map((folder) => folder.root ?? folder.uri).join(", ") || answer.root],
    [vscode.l10n.t("Files"), number(answer.files)],
    [vscode.l10n.t("Functions, classes, modules"), number(answer.units)],
    [vscode.l10n.t("Still to be embedded"), number(answer.vectors_missing)],
    [vscode.l10n.t("Search"), answer.search ?? first.search],
    [vscode.l10n.t("Model"), answer.model ?? first.model],
    [vscode.l10n.t("Model's process"), first.worker?.last_error ?? first.worker?.state],
    [vscode.l10n.t("Memory"), megabytes(memory)],
    [vscode.l10n.t("Index on disk"), megabytes(answer.index_mb)],
    [vscode.l10n.t("Version"), answer.version ?? first.version],
    [vscode.l10n.t("Runs from"), origin || undefined],
    [vscode.l10n.t("Note"), answer.note],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== "");
}
