/**
 * What went wrong in a way that the user can do something about, and the buttons that do it.
 *
 * In: a sentence and remedies. Out: an error that `show` tells. Must not know what was tried.
 */

import * as vscode from "vscode";

/** A button: its title, and what it does. */
export interface Remedy {
  title: string;
  run: () => unknown;
}

/** A failure with one line that says what to do. `detail` is for the log. */
export class Problem extends Error {
  constructor(
    message: string,
    readonly remedies: readonly Remedy[] = [],
    readonly detail = "",
  ) {
    super(message);
    this.name = "Problem";
  }
}

export const showLog = remedy(() => vscode.l10n.t("Show Log"), "codekin.showLog");

export const restart = remedy(() => vscode.l10n.t("Try Again"), "codekin.restartServer");

/** For an environment that is there but does not work. */
export const rebuild = remedy(() => vscode.l10n.t("Rebuild the Environment"), "codekin.rebuildEnvironment");

export const manageTrust = remedy(() => vscode.l10n.t("Manage Workspace Trust"), "workbench.trust.manage");

/** What the file system or a program's start said, as a failure with something to do about it. */
export function asFailure(problem: unknown): Problem {
  if (problem instanceof Problem) return problem;
  const message = vscode.l10n.t("codekin could not be set up: {0}.", messageOf(problem));
  return new Problem(message, [restart, rebuild], problem instanceof Error ? (problem.stack ?? "") : "");
}

/** A program that the folder brings, which has no say here. */
export function untrusted(program: string, setting: string): Problem {
  const message = vscode.l10n.t("{0} names a program in a folder that is not trusted: {1}.", setting, program);
  return new Problem(message, [manageTrust, openSetting(setting, vscode.l10n.t("Open Setting"))]);
}

export function openSetting(key: string, title: string): Remedy {
  return remedy(() => title, "workbench.action.openSettings", key);
}

/** The title is asked for when it is shown: texts are translated once the extension runs. */
function remedy(title: () => string, command: string, ...given: readonly string[]): Remedy {
  return {
    get title() {
      return title();
    },
    run: () => vscode.commands.executeCommand(command, ...given),
  };
}

/** Tells the user of a failure, with its buttons; the log's is always there. */
export async function show(problem: unknown): Promise<void> {
  const remedies = problem instanceof Problem ? [...problem.remedies, showLog] : [showLog];
  const message = `codekin: ${messageOf(problem)}`;
  const chosen = await vscode.window.showErrorMessage(message, ...remedies.map((each) => each.title));
  await remedies.find((each) => each.title === chosen)?.run();
}

export function messageOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}
