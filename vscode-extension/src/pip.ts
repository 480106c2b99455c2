/**
 * pip: how it is called, and what it says.
 *
 * In: a wheel and the editor's proxy; lines and failures of pip. Out: arguments, names of packages, problems with
 * something to do about them. Must not know where it installs.
 */

import * as vscode from "vscode";
import { openSetting, Problem, rebuild, restart } from "./problem";
import { NEWEST, OLDEST, selectInterpreter } from "./python";

const DISK = /No space left|Errno 28/i;
// A package that could not be asked for is one that "could not be found", too: this comes first.
const NETWORK = new RegExp(
  [
    "NewConnectionError|Could not fetch|ConnectTimeout|ReadTimeoutError|Read timed out|Max retries",
    "connection broken by|Connection ?(?:Reset|Aborted)|RemoteDisconnected|Network is unreachable",
    "Name or service|getaddrinfo|ProxyError|SSLError",
  ].join("|"),
  "i",
);
const NO_BUILD = /No matching distribution|not a supported wheel|Could not find a version/i;

/** Only wheels: where there is none for this machine, installing fails at once instead of asking for a compiler. */
export function pipArguments(wheel: string, proxy?: string): string[] {
  const quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"];
  const through = proxy ? ["--proxy", proxy] : [];
  return ["-I", "-m", "pip", "install", ...quiet, ...through, "--only-binary", ":all:", wheel];
}

/** The editor's proxy, where it is set and wanted. */
export function editorsProxy(): string | undefined {
  const settings = vscode.workspace.getConfiguration("http");
  if (settings.get<string>("proxySupport") === "off") return undefined;
  return settings.get<string>("proxy")?.trim();
}

/** Whatever makes pip install elsewhere than in the environment is left out. */
export function pipEnvironment(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept: NodeJS.ProcessEnv = { ...given, PIP_USER: "0" };
  for (const each of ["PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"]) Reflect.deleteProperty(kept, each);
  return kept;
}

/** A line for the log, without the proxy's password. */
export function discreet(line: string): string {
  return line.replace(/(:\/\/)[^\s/@]+@/g, "$1…@");
}

/** The package's name in one of pip's lines about what it fetches. */
export function collected(line: string): string | undefined {
  return /^(?:Collecting|Downloading) ([A-Za-z][\w.-]*?)(?:[-=<>!~;( ]|$)/.exec(line)?.[1];
}

/** What pip said, as something to do. */
export function cannotInstall(output: string): Problem {
  if (DISK.test(output)) {
    return new Problem(vscode.l10n.t("The disk is full: codekin needs about 250 MB."), [restart], output);
  }
  if (NETWORK.test(output)) return unreachable(output);
  if (NO_BUILD.test(output)) {
    const message = vscode.l10n.t(
      "A package that codekin needs has no build for this Python and machine. Select another Python, {0} to {1}.",
      OLDEST.join("."),
      NEWEST.join("."),
    );
    return new Problem(message, [selectInterpreter, restart], output);
  }
  const message = vscode.l10n.t("Installing codekin failed; the log says why.");
  return new Problem(message, [restart, selectInterpreter], output);
}

/** It was installed, but what is there cannot be started. */
export function cannotRun(output: string): Problem {
  const message = vscode.l10n.t("codekin was installed but does not start; the log says why.");
  return new Problem(message, [rebuild, selectInterpreter], output);
}

function unreachable(output: string): Problem {
  const message = vscode.l10n.t(
    "Python's package index cannot be reached, which codekin's first start needs once. Check the network and the proxy, or use a codekin of your own.",
  );
  const proxy = openSetting("http.proxy", vscode.l10n.t("Set a Proxy"));
  const own = openSetting("codekin.server.path", vscode.l10n.t("Use My Own codekin"));
  return new Problem(message, [restart, proxy, own], output);
}
