/**
 * The language-status item: what codekin does, beside the language in the status bar.
 *
 * In: states. Out: a text, a detail and a severity. A click shows more. Must not know who changes the state.
 */

import * as vscode from "vscode";
import type { Status, StatusHolder } from "../status";

export interface Described {
  text: string;
  detail: string;
  busy: boolean;
  severity: "information" | "warning" | "error";
}

export function createStatusItem(holder: StatusHolder): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem("codekin.status", { language: "python" });
  item.name = "codekin";
  item.command = { command: "codekin.showStatus", title: vscode.l10n.t("Show Status") };
  const show = (status: Status) => {
    const described = describe(status);
    item.text = described.text;
    item.detail = described.detail;
    item.busy = described.busy;
    item.accessibilityInformation = { label: [described.text, described.detail].filter(Boolean).join(", ") };
    item.severity = {
      information: vscode.LanguageStatusSeverity.Information,
      warning: vscode.LanguageStatusSeverity.Warning,
      error: vscode.LanguageStatusSeverity.Error,
    }[described.severity];
  };
  show(holder.value);
  return vscode.Disposable.from(item, holder.onDidChange(show));
}

/** A state in words: what it does, then how far, with which tier and model. */
export function describe(status: Status): Described {
  const { state, done, total, message } = status;
  const progress = total > 0 ? ` ${done}/${total}` : "";
  const texts: Record<Status["state"], string> = {
    setup: vscode.l10n.t("codekin: setting up"),
    starting: vscode.l10n.t("codekin: starting"),
    indexing: vscode.l10n.t("codekin: indexing{0}", progress),
    ready: vscode.l10n.t("codekin: ready"),
    paused: vscode.l10n.t("codekin: paused{0}", progress),
    failed: vscode.l10n.t("codekin: failed"),
    stopped: vscode.l10n.t("codekin: stopped"),
  };
  const tier = status.tier && tierText(status.tier);
  return {
    text: texts[state],
    detail: [message, tier, status.model].filter((each) => each !== null && each !== "").join(" · "),
    busy: state === "setup" || state === "starting" || state === "indexing",
    severity: state === "failed" ? "error" : state === "stopped" ? "warning" : "information",
  };
}

function tierText(tier: NonNullable<Status["tier"]>): string {
  return {
    words: vscode.l10n.t("search by words"),
    student: vscode.l10n.t("search by meaning, quick model"),
    teacher: vscode.l10n.t("search by meaning"),
  }[tier];
}
