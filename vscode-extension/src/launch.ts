/**
 * Which codekin is started, and how.
 *
 * In: settings and what is found on the machine. Out: a program and its arguments. Must not know of the protocol.
 */

import * as fs from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";
import { Environment, type Report } from "./environment";
import { openSetting, Problem } from "./problem";
import { findInterpreter } from "./python";
import { readSettings } from "./settings";

/** `-P`: the folder it runs in is no place to import from. */
const MAIN = "import sys; sys.argv[0] = 'codekin'; from codekin_server.cli.app import main; main()";

export interface Launch {
  program: string;
  args: string[];
  cwd: string;
  /** Where it comes from, for the log and the status. */
  origin: string;
}

export class Launcher {
  readonly environment: Environment;
  private readonly storage: string;

  constructor(
    context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.storage = context.globalStorageUri.fsPath;
    const bundled = context.asAbsolutePath("bundled");
    this.environment = new Environment(path.join(this.storage, "environments"), bundled, log);
  }

  async find(report: Report, signal?: AbortSignal): Promise<Launch> {
    await fs.mkdir(this.storage, { recursive: true });
    const settings = readSettings();
    if (settings.serverPath !== undefined) return this.own(settings.serverPath);
    const chosen = settings.interpreter !== undefined;
    const find = () => {
      report(vscode.l10n.t("looking for Python"));
      return findInterpreter(this.log);
    };
    if (settings.importStrategy === "fromEnvironment" && vscode.workspace.isTrusted) {
      const { executable, codekin } = await find();
      if (codekin) return this.inPython(executable, executable);
      this.log.warn(`codekin is not installed in ${executable}: the bundled one is used`);
    }
    const found = await this.environment.ensure({ report, find, chosen, signal });
    return this.inPython(found.python, vscode.l10n.t("bundled, on Python {0}", found.version));
  }

  private async own(program: string): Promise<Launch> {
    const found = await fs.stat(program).catch(() => undefined);
    if (found?.isFile() !== true) {
      const message = vscode.l10n.t("There is no program at codekin.server.path: {0}.", program);
      throw new Problem(message, [openSetting("codekin.server.path", vscode.l10n.t("Open Setting"))]);
    }
    return { program, args: ["serve", "--stdio"], cwd: this.storage, origin: program };
  }

  private inPython(python: string, origin: string): Launch {
    return { program: python, args: ["-P", "-c", MAIN, "serve", "--stdio"], cwd: this.storage, origin };
  }
}

/** What a shell or another extension set for its own Python is not for ours. */
export function environmentOf(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept: NodeJS.ProcessEnv = { ...given, PYTHONUTF8: "1" };
  delete kept["PYTHONHOME"];
  delete kept["PYTHONSTARTUP"];
  return kept;
}
