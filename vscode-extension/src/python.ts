/**
 * Finds a Python that codekin can run on.
 *
 * In: settings, the Python extension where there is one, PATH. Out: an interpreter of version 3.11 or newer. A folder
 * that is not trusted has no say: neither its settings nor a program inside it. Must not know what it is wanted for.
 */

import * as fs from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import { messageOf, openSetting, Problem, restart, untrusted } from "./problem";
import { run } from "./process";
import { readSettings } from "./settings";

export const OLDEST: readonly [number, number] = [3, 11];
export const NEWEST: readonly [number, number] = [3, 14];
const UNTRUSTED = "it lies in a folder that is not trusted";
const PROBE_TIMEOUT = 20_000;
const PROBE = `
import importlib.util as i, json, sys
print(json.dumps({
    "executable": sys.executable,
    "base": getattr(sys, "_base_executable", "") or sys.executable,
    "version": list(sys.version_info[:3]),
    "venv": bool(i.find_spec("venv") and i.find_spec("ensurepip")),
    "codekin": bool(i.find_spec("codekin_server")),
}))`;

/** A Python that was started once. `venv`: it can make environments; `codekin`: codekin is installed in it. */
export interface Interpreter {
  executable: string;
  /** The Python that a virtual environment was made from; else the same. */
  base: string;
  version: [number, number, number];
  venv: boolean;
  codekin: boolean;
}

/** Where a candidate comes from, in the words of messages. */
export interface Candidate {
  program: string;
  args?: readonly string[];
  origin: string;
}

/** What the Python extension offers of its API. */
interface PythonApi {
  environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    resolveEnvironment(at: { path: string }): Promise<{ executable: { uri?: vscode.Uri } } | undefined>;
  };
}

/** The first candidate that is good enough; a set `codekin.interpreter` is the only one. */
export async function findInterpreter(log: vscode.LogOutputChannel): Promise<Interpreter> {
  const chosen = readSettings().interpreter;
  if (chosen !== undefined) {
    return checked(await probe({ program: chosen, origin: "codekin.interpreter" }), chosen);
  }
  const refused: string[] = [];
  for await (const candidate of candidates(log)) {
    const found = await probe(candidate);
    if (typeof found === "string") {
      log.debug(`${candidate.origin}: ${candidate.program}: ${found}`);
    } else if (!isRecent(found.version)) {
      refused.push(`${found.executable} (${found.version.join(".")})`);
    } else {
      log.info(`Python ${found.version.join(".")} from ${candidate.origin}: ${found.executable}`);
      return found;
    }
  }
  const seen = refused.length > 0 ? vscode.l10n.t(" Found but too old: {0}.", refused.join(", ")) : "";
  throw new Problem(vscode.l10n.t("No Python 3.11 or newer was found.{0} Install one, or select yours.", seen), [
    selectInterpreter,
    {
      title: vscode.l10n.t("Get Python"),
      run: () => vscode.env.openExternal(vscode.Uri.parse("https://www.python.org/downloads/")),
    },
    restart,
  ]);
}

/** A dialog for a Python, kept in the settings. */
export const selectInterpreter = {
  get title(): string {
    return vscode.l10n.t("Select Python…");
  },
  run: async (): Promise<void> => {
    const title = vscode.l10n.t("Python 3.11 or newer for codekin");
    const [file] = (await vscode.window.showOpenDialog({ title, canSelectMany: false })) ?? [];
    if (!file) return;
    await keepInterpreter(file.fsPath);
    // Also where it was chosen before: something else may have been mended.
    await vscode.commands.executeCommand("codekin.restartServer");
  },
};

/** In the settings that have the last word now, else in the user's. */
async function keepInterpreter(file: string): Promise<void> {
  const { ConfigurationTarget, workspace } = vscode;
  const settings = workspace.getConfiguration("codekin", workspace.workspaceFolders?.[0]?.uri);
  const found = workspace.isTrusted ? settings.inspect("interpreter") : undefined;
  const isFolders = found?.workspaceFolderValue !== undefined;
  const isWorkspaces = found?.workspaceValue !== undefined;
  const inWorkspace = isWorkspaces ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  await settings.update("interpreter", file, isFolders ? ConfigurationTarget.WorkspaceFolder : inWorkspace);
}

async function* candidates(log: vscode.LogOutputChannel): AsyncGenerator<Candidate> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (vscode.workspace.isTrusted) {
    const program = await fromPythonExtension(folder).catch((problem: unknown) => {
      log.warn(`the Python extension does not say which Python is selected: ${messageOf(problem)}`);
    });
    if (program) yield { program, origin: "the Python extension" };
  }
  const setting = fromPythonSettings(folder);
  if (setting) yield { program: setting, origin: "python.defaultInterpreterPath" };
  yield* onPath(process.platform);
}

async function fromPythonExtension(folder: vscode.Uri | undefined): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<PythonApi>("ms-python.python");
  if (!extension) return undefined;
  const { environments } = await extension.activate();
  if (!environments) return undefined;
  const resolved = await environments.resolveEnvironment(environments.getActiveEnvironmentPath(folder));
  return resolved?.executable.uri?.fsPath;
}

function fromPythonSettings(folder: vscode.Uri | undefined): string | undefined {
  const found = vscode.workspace.getConfiguration("python", folder).inspect<string>("defaultInterpreterPath");
  const own = found?.globalValue;
  const value = vscode.workspace.isTrusted ? (found?.workspaceFolderValue ?? found?.workspaceValue ?? own) : own;
  return value && path.isAbsolute(value) ? value : undefined;
}

/** Names to try on PATH, the plain ones first: they are what the user means by Python. */
export function onPath(platform: NodeJS.Platform): Candidate[] {
  const origin = "PATH";
  if (platform === "win32") {
    return [
      { program: "py", args: ["-3"], origin },
      { program: "python", origin },
    ];
  }
  const minors = Array.from({ length: NEWEST[1] - OLDEST[1] + 1 }, (_, index) => NEWEST[1] - index);
  const names = ["python3", "python", ...minors.map((minor) => `python3.${minor}`)];
  return names.map((program) => ({ program, origin }));
}

async function probe(candidate: Candidate): Promise<Interpreter | string> {
  if (isForbidden(candidate.program)) return UNTRUSTED;
  try {
    const args = [...(candidate.args ?? []), "-I", "-c", PROBE];
    const ended = await run(candidate.program, args, { timeout: PROBE_TIMEOUT });
    const found = readProbe(ended.output);
    if (!found) return ended.output.slice(-500) || `it ended with ${ended.code ?? "no code"}`;
    // A launcher, such as `py`, may lead anywhere.
    return isForbidden(found.executable) || isForbidden(found.base) ? UNTRUSTED : found;
  } catch (problem) {
    return String(problem);
  }
}

/** The probe's line, among whatever else a `sitecustomize` may print. */
export function readProbe(output: string): Interpreter | undefined {
  const line = output.split("\n").find((each) => each.startsWith('{"executable"'));
  if (line === undefined) return undefined;
  const found = JSON.parse(line) as Partial<Interpreter>;
  return found.executable && found.version ? (found as Interpreter) : undefined;
}

export function isRecent(version: readonly number[]): boolean {
  const [major = 0, minor = 0] = version;
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function checked(found: Interpreter | string, chosen: string): Interpreter {
  const remedies = [openSetting("codekin.interpreter", vscode.l10n.t("Open Setting")), selectInterpreter];
  if (found === UNTRUSTED) throw untrusted(chosen, "codekin.interpreter");
  if (typeof found === "string") {
    const message = vscode.l10n.t("The Python in codekin.interpreter cannot be used: {0}.", chosen);
    throw new Problem(message, remedies, found);
  }
  if (!isRecent(found.version)) {
    const version = found.version.join(".");
    throw new Problem(
      vscode.l10n.t("The Python in codekin.interpreter is {0}; codekin needs 3.11 or newer.", version),
      remedies,
    );
  }
  return found;
}

/** Whether a program lies in a folder that is not trusted, by its own path or by the one that it leads to. */
export function isForbidden(program: string): boolean {
  if (vscode.workspace.isTrusted) return false;
  const file = located(program);
  if (file === undefined) return false;
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  return [file, real(file)].some((each) =>
    folders.some((folder) => isInside(each, folder) || isInside(each, real(folder))),
  );
}

/** The file that is started under a name: PATH may lead into the folder. */
export function located(program: string): string | undefined {
  if (path.isAbsolute(program)) return program;
  if (/[\\/]/.test(program)) return path.resolve(homedir(), program);
  const endings = process.platform === "win32" ? ["", ".exe"] : [""];
  return (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .flatMap((folder) => endings.map((ending) => path.resolve(homedir(), folder, program + ending)))
    .find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

function real(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}

export function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
