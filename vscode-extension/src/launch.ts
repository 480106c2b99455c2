/**
 * Which codekin is started, and how.
 *
 * In: settings and what is found on the machine. Out: a program and its arguments. Must not know of the protocol.
 */

import * as fs from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";
import { Environment, type Report } from "./environment";
import { openSetting, Problem, rebuild, type Remedy, untrusted } from "./problem";
import { findInterpreter, isForbidden } from "./python";
import { readSettings } from "./settings";

/** `-P`: the folder it runs in is no place to import from. */
const MAIN = "import sys; sys.argv[0] = 'codekin'; from codekin_server.cli.app import main; main()";

export interface Launch {
  program: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** What may help where it does not run. */
  remedy: Remedy;
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
    await this.environment.leave();
    const settings = readSettings();
    if (settings.serverPath !== undefined) return this.own(settings.serverPath);
    const chosen = settings.interpreter !== undefined;
    const find = () => {
      report(vscode.l10n.t("looking for Python"));
      return findInterpreter(this.log);
    };
    if (settings.importStrategy === "fromEnvironment" && vscode.workspace.isTrusted) {
      const { executable, codekin } = await find();
      if (codekin) return this.inPython(executable, executable, false);
      this.log.warn(`codekin is not installed in ${executable}: the bundled one is used`);
    }
    const found = await this.environment.ensure({ report, find, chosen, signal });
    return this.inPython(found.python, vscode.l10n.t("bundled, on Python {0}", found.version), true);
  }

  private async own(program: string): Promise<Launch> {
    if (isForbidden(program)) throw untrusted(program, "codekin.server.path");
    const remedy = openSetting("codekin.server.path", vscode.l10n.t("Open Setting"));
    const found = path.isAbsolute(program) ? await fs.stat(program).catch(() => undefined) : undefined;
    if (found?.isFile() !== true) {
      throw new Problem(vscode.l10n.t("There is no program at codekin.server.path: {0}.", program), [remedy]);
    }
    const env = environmentOf(process.env, false);
    return { program, args: ["serve", "--stdio"], cwd: this.storage, env, remedy, origin: program };
  }

  private inPython(program: string, origin: string, isOurs: boolean): Launch {
    const args = ["-P", "-c", MAIN, "serve", "--stdio"];
    const remedy = isOurs ? rebuild : openSetting("codekin.importStrategy", vscode.l10n.t("Open Setting"));
    return { program, args, cwd: this.storage, env: environmentOf(process.env, isOurs), remedy, origin };
  }
}

/** What a shell or another extension set for its own Python is not for ours; to the user's own it may belong. */
export function environmentOf(given: NodeJS.ProcessEnv, isOurs: boolean): NodeJS.ProcessEnv {
  const kept: NodeJS.ProcessEnv = { ...given, PYTHONUTF8: "1" };
  const others = isOurs ? ["PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX"] : [];
  for (const each of ["PYTHONHOME", "PYTHONSTARTUP", ...others]) Reflect.deleteProperty(kept, each);
  return kept;
}
