/**
 * What takes time: shown at once, and taken back with Esc.
 *
 * In: work that heeds a token. Out: its result; a list meanwhile, or a line in the status bar. Must not know what is
 * waited for.
 */

import * as vscode from "vscode";

export type Work<T> = (token: vscode.CancellationToken) => Promise<T>;

const waiting = new Set<vscode.CancellationTokenSource>();

/** A line in the status bar. Once cancelled it rejects at once, whether or not the work heeds its token. */
export async function waitFor<T>(title: string, work: Work<T>): Promise<T> {
  const source = new vscode.CancellationTokenSource();
  const options = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("{0} (Esc cancels)", title) };
  waiting.add(source);
  tell();
  try {
    return await vscode.window.withProgress(options, () => unlessCancelled(source.token, work));
  } finally {
    waiting.delete(source);
    source.dispose();
    tell();
  }
}

/** What Esc does. */
export function cancelWaiting(): void {
  for (const source of waiting) source.cancel();
}

/** A list that opens at once, busy, and fills when the items come; closing it takes the question back. */
export async function pickFrom<T extends vscode.QuickPickItem>(
  options: vscode.QuickPickOptions,
  find: Work<T[]>,
): Promise<T | undefined> {
  const source = new vscode.CancellationTokenSource();
  try {
    return await vscode.window.showQuickPick(find(source.token), options);
  } finally {
    source.cancel();
    source.dispose();
  }
}

function unlessCancelled<T>(token: vscode.CancellationToken, work: Work<T>): Promise<T> {
  const cancelled = new Promise<never>((_, reject) => {
    token.onCancellationRequested(() => {
      reject(new vscode.CancellationError());
    });
  });
  return Promise.race([work(token), cancelled]);
}

function tell(): void {
  void vscode.commands.executeCommand("setContext", "codekin.waiting", waiting.size > 0);
}
