/**
 * The server's own Python environment, in the extension's storage.
 *
 * In: a Python and the wheel that this extension brings. Out: the Python of an environment with that wheel installed.
 * A stamp, written last and removed first, names the wheel and the Python; whatever has no stamp is made anew. Whoever
 * uses one leaves its process's number there, and nobody removes what another window uses. Must not know what is run in it.
 */

import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";
import { isAlive, withLock } from "./lock";
import { cannotInstall, cannotRun, collected, discreet, editorsProxy, pipArguments, pipEnvironment } from "./pip";
import { messageOf, Problem, restart } from "./problem";
import { run } from "./process";
import { type Interpreter, isForbidden, selectInterpreter } from "./python";

const STAMP = "codekin.json";
const USERS = "users";

export interface Stamp {
  wheel: string;
  python: string;
  version: string;
}

/** Told how far it is: a sentence. */
export type Report = (message: string) => void;

export interface EnsureOptions {
  report: Report;
  /** Asked for a Python only where an environment has to be made. */
  find: () => Promise<Interpreter>;
  /** An environment of any Python is as good as another, unless the user chose one. */
  chosen: boolean;
  signal?: AbortSignal | undefined;
}

/** An environment's Python, and its version. */
export interface Found {
  python: string;
  version: string;
}

export class Environment {
  /** The one that this window uses. */
  private entered: string | undefined;

  constructor(
    private readonly storage: string,
    private readonly bundled: string,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** The environment's Python; made, or made anew, where that is needed. */
  async ensure(options: EnsureOptions): Promise<Found> {
    const wheel = await findWheel(this.bundled);
    const hash = await hashOf(wheel);
    const isGood = ({ wheel: of, python }: Stamp) => of === hash && !isForbidden(python);
    const present = options.chosen ? undefined : await this.usable(isGood);
    const found = present ?? (await this.usableOf(wheel, hash, options));
    void this.tidy(hash, options.signal).catch((problem: unknown) => {
      this.log.warn(`old environments stay: ${messageOf(problem)}`);
    });
    return found;
  }

  /** Throws every environment away but those that other windows run on; says how many those are. */
  async clear(signal?: AbortSignal): Promise<number> {
    await this.leave();
    return this.locked(async () => {
      let kept = 0;
      for (const each of await this.folders()) if (!(await this.remove(each))) kept += 1;
      return kept;
    }, signal);
  }

  /** This window uses none any more. */
  async leave(): Promise<void> {
    const folder = this.entered;
    this.entered = undefined;
    if (folder !== undefined) await fs.rm(userFile(folder), { force: true });
  }

  private async usableOf(wheel: string, hash: string, options: EnsureOptions): Promise<Found> {
    const interpreter = await options.find();
    options.signal?.throwIfAborted();
    const stamp: Stamp = { wheel: hash, python: interpreter.base, version: interpreter.version.join(".") };
    const isWanted = (found: Stamp) => sameStamp(found, stamp);
    const make = async () => (await this.usable(isWanted)) ?? (await this.make(stamp, wheel, interpreter, options));
    const onWait = () => {
      options.report(vscode.l10n.t("waiting for another window that sets codekin up"));
    };
    return (await this.usable(isWanted)) ?? (await this.locked(make, options.signal, onWait));
  }

  private locked<T>(work: () => Promise<T>, signal: AbortSignal | undefined, onWait?: () => void): Promise<T> {
    return withLock(path.join(this.storage, "lock"), work, { signal, ...(onWait ? { onWait } : {}) });
  }

  private async make(stamp: Stamp, wheel: string, interpreter: Interpreter, options: EnsureOptions): Promise<Found> {
    if (!interpreter.venv) throw noVenv(interpreter);
    const { report, signal } = options;
    const folder = path.join(this.storage, folderName(stamp));
    this.log.info(`setting up ${folder} with Python ${stamp.version} (${stamp.python}) and ${path.basename(wheel)}`);
    await fs.rm(path.join(folder, STAMP), { force: true });
    await fs.rm(folder, { recursive: true, force: true });
    await fs.mkdir(this.storage, { recursive: true });
    report(vscode.l10n.t("making an environment"));
    const made = await this.logged(interpreter.base, ["-I", "-m", "venv", folder], signal);
    if (made !== undefined) throw cannotMake(interpreter, made);
    report(vscode.l10n.t("installing codekin"));
    const failed = await this.logged(pythonIn(folder), pipArguments(wheel, editorsProxy()), signal, (line) => {
      const name = collected(line);
      if (name !== undefined) report(vscode.l10n.t("installing {0}", name));
    });
    if (failed !== undefined) throw cannotInstall(failed);
    const broken = await this.logged(pythonIn(folder), ["-I", "-c", "import codekin_server.lsp.app"], signal);
    if (broken !== undefined) throw cannotRun(broken);
    await this.enter(folder);
    await fs.writeFile(path.join(folder, STAMP), JSON.stringify(stamp));
    return { python: pythonIn(folder), version: stamp.version };
  }

  /** An environment whose making was finished, and whose Python is still there. */
  private async usable(isWanted: (stamp: Stamp) => boolean): Promise<Found | undefined> {
    for (const folder of await this.folders()) {
      const stamp = await readStamp(folder);
      if (!stamp || !isWanted(stamp)) continue;
      await this.enter(folder);
      // Whoever removed it in between has seen that it is used, or has taken the stamp off already.
      if (await readStamp(folder)) return { python: pythonIn(folder), version: stamp.version };
    }
    return undefined;
  }

  /** Runs a step; undefined where it went well, else what it said. */
  private async logged(
    program: string,
    args: readonly string[],
    signal: AbortSignal | undefined,
    onLine?: (line: string) => void,
  ): Promise<string | undefined> {
    this.log.info(discreet(`> ${program} ${args.join(" ")}`));
    const told = (line: string) => {
      this.log.info(discreet(line));
      onLine?.(line);
    };
    const ended = await run(program, args, {
      onLine: told,
      env: pipEnvironment(process.env),
      ...(signal ? { signal } : {}),
    });
    return ended.code === 0 ? undefined : discreet(ended.output);
  }

  private async enter(folder: string): Promise<void> {
    if (this.entered !== folder) await this.leave();
    this.entered = folder;
    await fs.mkdir(path.join(folder, USERS), { recursive: true });
    await fs.writeFile(userFile(folder), "");
  }

  /** Removes what other versions and set-ups that were cut short have left. */
  private async tidy(wheel: string, signal: AbortSignal | undefined): Promise<void> {
    if ((await this.leftovers(wheel)).length === 0) return;
    await this.locked(async () => {
      for (const each of await this.leftovers(wheel)) await this.remove(each);
    }, signal);
  }

  /** All but those of the present wheel: another workspace may have chosen another Python. */
  private async leftovers(wheel: string): Promise<string[]> {
    const found: string[] = [];
    for (const folder of await this.folders()) {
      const isKept = folder === this.entered || (await readStamp(folder))?.wheel === wheel || (await inUse(folder));
      if (!isKept) found.push(folder);
    }
    return found;
  }

  private async folders(): Promise<string[]> {
    const all = await fs.readdir(this.storage).catch(() => [] as string[]);
    return all.filter((each) => each.startsWith("python")).map((each) => path.join(this.storage, each));
  }

  /** Without its stamp it is nobody's; where somebody came before that, it is given back. Says whether it was free. */
  private async remove(folder: string): Promise<boolean> {
    if (await inUse(folder)) return false;
    const stamp = path.join(folder, STAMP);
    const text = await fs.readFile(stamp, "utf8").catch(() => undefined);
    await fs.rm(stamp, { force: true });
    if (await inUse(folder)) {
      if (text !== undefined) await fs.writeFile(stamp, text);
      return false;
    }
    this.log.info(`removing ${folder}`);
    await fs.rm(folder, { recursive: true, force: true }).catch((problem: unknown) => {
      this.log.warn(`${folder} stays: ${messageOf(problem)}`);
    });
    return true;
  }
}

function userFile(folder: string): string {
  return path.join(folder, USERS, String(process.pid));
}

export function pythonIn(folder: string, platform: NodeJS.Platform = process.platform): string {
  return platform === "win32" ? path.join(folder, "Scripts", "python.exe") : path.join(folder, "bin", "python");
}

/** One folder for each pair of wheel and Python, so that nothing is replaced under a server that still runs. */
export function folderName(stamp: Stamp): string {
  const key = createHash("sha256")
    .update(JSON.stringify([stamp.wheel, stamp.python, stamp.version]))
    .digest("hex");
  return `python${stamp.version.split(".").slice(0, 2).join(".")}-${key.slice(0, 12)}`;
}

/** The stamp of an environment that can be used; undefined for a half-made one, or where its Python is gone. */
export async function readStamp(folder: string): Promise<Stamp | undefined> {
  try {
    const found = JSON.parse(await fs.readFile(path.join(folder, STAMP), "utf8")) as Stamp;
    await fs.access(pythonIn(folder));
    return found;
  } catch {
    return undefined;
  }
}

function sameStamp(one: Stamp, other: Stamp): boolean {
  return one.wheel === other.wheel && one.python === other.python && one.version === other.version;
}

async function inUse(folder: string): Promise<boolean> {
  const users = await fs.readdir(path.join(folder, USERS)).catch(() => [] as string[]);
  return users.map(Number).some((pid) => pid !== process.pid && isAlive(pid));
}

async function findWheel(bundled: string): Promise<string> {
  const files = await fs.readdir(bundled).catch(() => [] as string[]);
  const wheel = files
    .filter((each) => each.endsWith(".whl"))
    .sort()
    .at(-1);
  if (wheel === undefined) {
    const install = "workbench.extensions.action.installVSIX";
    throw new Problem(vscode.l10n.t("This extension was packaged without its server: install it again."), [
      { title: vscode.l10n.t("Install from VSIX…"), run: () => vscode.commands.executeCommand(install) },
    ]);
  }
  return path.join(bundled, wheel);
}

async function hashOf(file: string): Promise<string> {
  return createHash("sha256")
    .update(await fs.readFile(file))
    .digest("hex");
}

function noVenv(interpreter: Interpreter): Problem {
  const version = interpreter.version.slice(0, 2).join(".");
  const command = `sudo apt install python${version}-venv`;
  const type = () => {
    const terminal = vscode.window.createTerminal("codekin");
    terminal.show();
    terminal.sendText(command, false);
  };
  return new Problem(
    vscode.l10n.t(
      "Python {0} at {1} cannot make environments: its venv module is missing.",
      version,
      interpreter.executable,
    ),
    [
      ...(process.platform === "linux" ? [{ title: vscode.l10n.t("Install It in a Terminal"), run: type }] : []),
      selectInterpreter,
      restart,
    ],
  );
}

function cannotMake(interpreter: Interpreter, output: string): Problem {
  const message = vscode.l10n.t("{0} could not make an environment; the log says why.", interpreter.executable);
  return new Problem(message, [restart, selectInterpreter], output);
}
