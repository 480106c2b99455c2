/**
 * The server's own Python environment, in the extension's storage.
 *
 * In: a Python and the wheel that this extension brings. Out: the Python of an environment with that wheel installed.
 * A stamp, written last, names the wheel and the Python; whatever has no stamp, or another one, is made anew. Must not
 * know what is run in it.
 */

import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";
import { isAlive, withLock } from "./lock";
import { Problem, restart } from "./problem";
import { run } from "./process";
import { type Interpreter, selectInterpreter } from "./python";

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
  constructor(
    private readonly storage: string,
    private readonly bundled: string,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** The environment's Python; made, or made anew, where that is needed. */
  async ensure(options: EnsureOptions): Promise<Found> {
    const wheel = await findWheel(this.bundled);
    const hash = await hashOf(wheel);
    const present = options.chosen ? undefined : await this.complete((stamp) => stamp.wheel === hash);
    if (present) return this.use(present);
    const interpreter = await options.find();
    const stamp: Stamp = { wheel: hash, python: interpreter.base, version: interpreter.version.join(".") };
    const isWanted = (found: Stamp) => sameStamp(found, stamp);
    const make = async () => (await this.complete(isWanted)) ?? (await this.make(stamp, wheel, interpreter, options));
    const onWait = () => {
      options.report(vscode.l10n.t("waiting for another window that sets codekin up"));
    };
    const ready = await this.complete(isWanted);
    return this.use(ready ?? (await withLock(path.join(this.storage, "lock"), make, { onWait })));
  }

  /** Throws every environment away that no other window runs on. */
  async clear(): Promise<void> {
    for (const each of await this.folders()) await this.remove(path.join(this.storage, each));
  }

  private async make(stamp: Stamp, wheel: string, interpreter: Interpreter, options: EnsureOptions): Promise<string> {
    const { report, signal } = options;
    const folder = path.join(this.storage, folderName(stamp));
    this.log.info(`setting up ${folder} with Python ${stamp.version} (${stamp.python}) and ${path.basename(wheel)}`);
    await fs.rm(folder, { recursive: true, force: true });
    await fs.mkdir(this.storage, { recursive: true });
    report(vscode.l10n.t("making an environment"));
    if (!interpreter.venv) throw noVenv(interpreter);
    const made = await this.logged(interpreter.base, ["-I", "-m", "venv", folder], signal);
    if (made !== undefined) throw cannotMake(interpreter, made);
    report(vscode.l10n.t("installing codekin"));
    const failed = await this.logged(pythonIn(folder), pipArguments(wheel), signal, (line) => {
      const name = collected(line);
      if (name !== undefined) report(vscode.l10n.t("installing {0}", name));
    });
    if (failed !== undefined) throw cannotInstall(failed);
    const broken = await this.logged(pythonIn(folder), ["-I", "-c", "import codekin_server.lsp.app"], signal);
    if (broken !== undefined) throw cannotRun(broken);
    await fs.writeFile(path.join(folder, STAMP), JSON.stringify(stamp));
    await this.removeOthers(folder);
    return folder;
  }

  /** The folder of an environment whose making was finished, and whose Python is still there. */
  private async complete(isWanted: (stamp: Stamp) => boolean): Promise<string | undefined> {
    for (const each of await this.folders()) {
      const folder = path.join(this.storage, each);
      const stamp = await readStamp(folder);
      if (stamp && isWanted(stamp)) return folder;
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
    this.log.info(`> ${program} ${args.join(" ")}`);
    const told = (line: string) => {
      this.log.info(line);
      onLine?.(line);
    };
    const ended = await run(program, args, { onLine: told, ...(signal ? { signal } : {}) });
    return ended.code === 0 ? undefined : ended.output;
  }

  private async use(folder: string): Promise<Found> {
    await fs.mkdir(path.join(folder, USERS), { recursive: true });
    await fs.writeFile(path.join(folder, USERS, String(process.pid)), "");
    return { python: pythonIn(folder), version: (await readStamp(folder))?.version ?? "" };
  }

  private async removeOthers(kept: string): Promise<void> {
    for (const each of await this.folders()) {
      const folder = path.join(this.storage, each);
      if (folder !== kept && !(await inUse(folder))) await this.remove(folder);
    }
  }

  private async folders(): Promise<string[]> {
    const all = await fs.readdir(this.storage).catch(() => [] as string[]);
    return all.filter((each) => each.startsWith("python"));
  }

  private async remove(folder: string): Promise<void> {
    this.log.info(`removing ${folder}`);
    await fs.rm(folder, { recursive: true, force: true }).catch((problem: unknown) => {
      this.log.warn(`${folder} stays: ${String(problem)}`);
    });
  }
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

/** The package's name in one of pip's lines about what it fetches. */
export function collected(line: string): string | undefined {
  return /^(?:Collecting|Downloading) ([A-Za-z][\w.-]*?)(?:[-=<>!~;( ]|$)/.exec(line)?.[1];
}

/** Only wheels: where there is none for this machine, installing fails at once instead of asking for a compiler. */
export function pipArguments(wheel: string): string[] {
  const quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"];
  return ["-I", "-m", "pip", "install", ...quiet, "--only-binary", ":all:", wheel];
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
    throw new Problem(vscode.l10n.t("This extension was packaged without its server: install it again."));
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

/** What pip said, as something to do. */
export function cannotInstall(output: string): Problem {
  if (/No space left|Errno 28/i.test(output)) {
    return new Problem(vscode.l10n.t("The disk is full: codekin needs about 250 MB."), [restart], output);
  }
  if (
    /NewConnectionError|Could not fetch|ConnectTimeout|Name or service|ProxyError|SSLError|getaddrinfo|Network is unreachable/i.test(
      output,
    )
  ) {
    const message = vscode.l10n.t(
      "Python's package index cannot be reached, which codekin's first start needs once. Check the network, or the proxy in pip's settings.",
    );
    return new Problem(message, [restart], output);
  }
  if (/No matching distribution|not a supported wheel|Could not find a version/i.test(output)) {
    const message = vscode.l10n.t(
      "A package that codekin needs has no build for this Python and machine. Select another Python, 3.11 to 3.13.",
    );
    return new Problem(message, [selectInterpreter, restart], output);
  }
  return new Problem(
    vscode.l10n.t("Installing codekin failed; the log says why."),
    [restart, selectInterpreter],
    output,
  );
}

function cannotRun(output: string): Problem {
  const message = vscode.l10n.t("codekin was installed but does not start; the log says why.");
  return new Problem(message, [restart, selectInterpreter], output);
}
