/**
 * The language server: started, stopped, started again when it dies, and asked.
 *
 * In: commands of the protocol. Out: their answers, typed; failures with something to do about them. Nothing is shown
 * that nobody asked for: why it does not start is kept for whoever asks. Must not know what any command is for.
 */

import * as vscode from "vscode";
import {
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
  type MessageSignature,
  type Middleware,
  ProgressType,
  RevealOutputChannelOn,
  State,
} from "vscode-languageclient/node";
import { Crashes } from "./crashes";
import type { Launch, Launcher } from "./launch";
import { asFailure, messageOf, openSetting, Problem, type Remedy, restart } from "./problem";
import { type CommandName, type Commands, STATUS, type StatusNotification } from "./protocol";
import { readSettings, SECTION, serverSettings } from "./settings";
import type { StatusHolder } from "./status";

const STOP_TIMEOUT = 5_000;
const RECOVERY_TIMEOUT = 15_000;
const NEVER_CANCELLED = new vscode.CancellationTokenSource().token;
const CANCELLED = new Set([-32800, -32801, -32802]);

export interface AskOptions<K extends CommandName> {
  token?: vscode.CancellationToken;
  /** Told the answer so far, where the server sends it while it still looks. */
  onPartial?: (answer: Commands[K][1]) => void;
}

export class Server implements vscode.Disposable {
  private client: Client | undefined;
  private starting: Promise<void> | undefined;
  private setup: AbortController | undefined;
  /** Why it does not run. Only a restart tries again: a question would repeat a set-up that takes minutes. */
  private problem: Problem | undefined;
  /** Counts what ends a server, so that of several restarts only the last one starts another. */
  private round = 0;
  private readonly crashes = new Crashes();
  private recovery: Promise<void> | undefined;
  private partials = 0;
  private readonly titles = new Set<{ title: string | undefined }>();
  origin = "";

  constructor(
    private readonly launcher: Launcher,
    private readonly status: StatusHolder,
    private readonly log: vscode.LogOutputChannel,
    private readonly middleware: Omit<Middleware, "workspace">,
  ) {}

  /** Starts it unless it runs; a failure is kept, and told by the log and the status. */
  start(): Promise<void> {
    if (this.starting) return this.starting;
    return this.client ? Promise.resolve() : this.attempt(() => this.doStart());
  }

  async stop(): Promise<void> {
    this.round += 1;
    this.setup?.abort();
    await this.starting;
    await this.halt();
  }

  /** Ends it, does what no server may run for, and starts it; whoever asks meanwhile waits. The last one wins. */
  restart(between?: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const before = this.starting;
    const round = ++this.round;
    this.setup?.abort();
    return this.attempt(async () => {
      await before;
      await this.halt();
      this.crashes.forget();
      if (round === this.round) await this.doStart(between);
    });
  }

  /** Why it does not run, unless it is being started. */
  failure(): Problem | undefined {
    return this.starting ? undefined : this.problem;
  }

  get pid(): number | undefined {
    return this.client?.serverProcess?.pid;
  }

  /** Asks the server. A cancelled question rejects with `CancellationError`. */
  async ask<K extends CommandName>(
    command: K,
    question: Commands[K][0],
    options: AskOptions<K> = {},
  ): Promise<Commands[K][1]> {
    const client = await this.running();
    if (!client.knows(command)) throw tooOld(command);
    const token = options.onPartial ? `codekin-${++this.partials}` : undefined;
    const heard =
      token && client.onProgress(new ProgressType<Commands[K][1]>(), token, (so) => options.onPartial?.(so));
    const argument = token ? { ...question, partialResultToken: token } : question;
    const params = { command, arguments: argument === undefined ? [] : [argument] };
    try {
      // An absent token would be sent as a second parameter.
      return await client.sendRequest<Commands[K][1]>(
        "workspace/executeCommand",
        params,
        options.token ?? NEVER_CANCELLED,
      );
    } catch (problem) {
      throw asProblem(problem);
    } finally {
      if (heard) heard.dispose();
    }
  }

  /** Waits for something that the user asked for; what the server says of it, by its title, is shown. */
  async onBehalf<T>(work: () => Promise<T>, title?: string): Promise<T> {
    const asked = { title };
    this.titles.add(asked);
    try {
      return await work();
    } finally {
      this.titles.delete(asked);
    }
  }

  /** The running client, for what is no command: conversions of the protocol's types. */
  async running(): Promise<Client> {
    const failure = this.failure();
    if (failure) throw failure;
    if (!this.client) await this.start();
    await this.settled();
    await this.recovery;
    await this.settled(); // somebody may have restarted it meanwhile
    const client = this.client;
    if (client?.state === State.Starting) await client.start().catch(() => undefined);
    if (client?.state === State.Running) return client;
    throw this.failure() ?? new Problem(vscode.l10n.t("The codekin server does not run."), [restart]);
  }

  private async settled(): Promise<void> {
    while (this.starting) await this.starting;
  }

  /** Tells the server something that has no answer; nothing where it does not run. */
  async tell(method: string, params: object): Promise<void> {
    if (this.client?.state === State.Running) await this.client.sendNotification(method, params);
  }

  dispose(): void {
    void this.stop();
  }

  private attempt(work: () => Promise<void>): Promise<void> {
    const attempt = work()
      .catch((problem: unknown) => {
        this.fail(asFailure(problem));
      })
      .finally(() => {
        if (this.starting === attempt) this.starting = undefined;
      });
    return (this.starting = attempt);
  }

  private async halt(): Promise<void> {
    const { client } = this;
    this.client = this.problem = this.recovery = undefined;
    this.status.set("stopped");
    await client?.dispose(STOP_TIMEOUT).catch((problem: unknown) => {
      this.log.warn(`the server did not stop in good order: ${messageOf(problem)}`);
    });
  }

  private async doStart(before?: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = (this.setup = new AbortController());
    this.problem = undefined;
    this.status.set("setup");
    try {
      await before?.(signal);
      const launch = await this.found(signal);
      signal.throwIfAborted();
      await this.launch(launch, signal);
    } catch (problem) {
      if (!signal.aborted) throw problem;
    }
  }

  private async found(signal: AbortSignal): Promise<Launch> {
    const options = { location: vscode.ProgressLocation.Window, title: "codekin" };
    return vscode.window.withProgress(options, (progress) =>
      this.launcher.find((message) => {
        progress.report({ message });
        this.status.set("setup", message);
      }, signal),
    );
  }

  private async launch(launch: Launch, signal: AbortSignal): Promise<void> {
    this.status.set("starting");
    this.log.info(`starting ${launch.program} ${launch.args.join(" ")}`);
    this.origin = launch.origin;
    const client = (this.client = this.connected(launch));
    try {
      await Promise.race([client.start(), aborted(signal)]);
    } catch (problem) {
      throw this.givenUp(client, messageOf(problem));
    }
  }

  private givenUp(client: Client, detail = ""): Problem {
    this.client = undefined;
    // It rejects where nothing runs, but ends the process, and nothing starts again.
    void client.dispose(STOP_TIMEOUT).catch(() => undefined);
    const message = vscode.l10n.t("The codekin server did not start; the log says why.");
    return new Problem(message, [restart, client.remedy], detail);
  }

  private connected(launch: Launch): Client {
    const client: Client = new Client(
      launch,
      this.options(() => this.closed(client)),
    );
    client.onNotification(STATUS, (said: StatusNotification) => {
      if (this.client === client) this.status.hear(said);
    });
    client.onDidChangeState(({ newState }) => {
      if (this.client !== client) return;
      if (newState === State.Starting) this.status.set("starting");
      if (newState === State.Running) this.greeted(client);
    });
    return client;
  }

  private greeted(client: Client): void {
    client.hasRun = true;
    client.onNotification("window/showMessage", (said: { type: number; message: string }) => {
      this.hearMessage(said);
    });
    if (this.status.value.state === "starting") this.status.hear({ state: "ready" });
    const version = client.initializeResult?.serverInfo?.version;
    this.log.info(`codekin ${version ?? ""} runs${this.pid ? `, process ${this.pid}` : ""}`);
  }

  /** A message that no request stands behind goes to the log and the status item: nobody asked for it. */
  private hearMessage({ type, message }: { type: number; message: string }): void {
    if ([...this.titles].some(({ title }) => title && message.startsWith(title))) {
      const tell = [vscode.window.showErrorMessage, vscode.window.showWarningMessage][type - 1];
      void (tell ?? vscode.window.showInformationMessage)(message);
      return;
    }
    this.log.warn(message);
    this.status.hear({ ...this.status.value, state: asServerState(this.status.value.state), message });
  }

  private options(closed: () => Promise<CloseHandlerResult>): LanguageClientOptions {
    return {
      documentSelector: [
        { language: "python", scheme: "file" },
        { language: "python", scheme: "vscode-notebook-cell" },
      ],
      outputChannel: this.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: () => ({ settings: serverSettings(), statusNotifications: true }),
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed,
      },
      middleware: { ...this.middleware, workspace: configurationMiddleware },
      connectionOptions: { maxRestartCount: 0 },
    };
  }

  /** Only the present server comes back, and only once it has run: else it would run beside another, or in vain. */
  private async closed(client: Client): Promise<CloseHandlerResult> {
    const end = { action: CloseAction.DoNotRestart, handled: true };
    if (this.client !== client || !client.hasRun) return end;
    const wait = this.crashes.next(Date.now());
    if (wait === undefined) {
      this.client = undefined;
      const message = vscode.l10n.t("The codekin server ended five times in three minutes; the log says why.");
      this.fail(new Problem(message, [restart, client.remedy]));
      return end;
    }
    this.log.warn(`the server ended by itself and is started again in ${wait} ms`);
    this.status.set("starting");
    this.recovery = this.recovered(client, wait + RECOVERY_TIMEOUT);
    await new Promise((resolve) => setTimeout(resolve, wait));
    // It may have been restarted or stopped while this one waited.
    return this.client === client ? { action: CloseAction.Restart, handled: true } : end;
  }

  /** Until it runs again, or for so long; whoever waited then is told what the state is. */
  private recovered(client: Client, timeout: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        listener.dispose();
        resolve();
      };
      const timer = setTimeout(() => {
        const isGone = this.client === client && client.state === State.Stopped;
        if (isGone) this.fail(this.givenUp(client));
        else done();
      }, timeout);
      const listener = this.status.onDidChange(({ state }) => {
        if (state !== "starting") done();
      });
    });
  }

  private fail(problem: Problem): void {
    this.problem = problem;
    this.log.error(problem.message);
    if (problem.detail) this.log.error(problem.detail);
    this.status.set("failed", problem.message);
  }
}

/** The language client, which tells the log and not the user. */
export class Client extends LanguageClient {
  hasRun = false;
  readonly remedy: Remedy;

  constructor(launch: Launch, options: LanguageClientOptions) {
    const { program: command, args, cwd, env } = launch;
    super(SECTION, "codekin", { command, args, options: { cwd, env } }, options);
    this.remedy = launch.remedy;
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  knows(command: CommandName): boolean {
    return this.initializeResult?.capabilities.executeCommandProvider?.commands.includes(command) ?? false;
  }

  /** Whoever gets a failed request's error shows it; the default would also log it as ours. */
  override handleFailedRequest<T>(
    type: MessageSignature,
    token: vscode.CancellationToken | undefined,
    error: unknown,
    defaultValue: T,
  ): T {
    return super.handleFailedRequest(type, token, error, defaultValue, false);
  }
}

/** Answers the server's questions about settings with those that somebody set. */
const configurationMiddleware: NonNullable<Middleware["workspace"]> = {
  configuration: (params) =>
    params.items.map(({ section, scopeUri }) =>
      section === SECTION ? serverSettings(scopeUri ? vscode.Uri.parse(scopeUri) : undefined) : null,
    ),
  didChangeConfiguration: () => Promise.resolve(),
};

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const cancelled = () => {
      reject(new vscode.CancellationError());
    };
    signal.addEventListener("abort", cancelled, { once: true });
  });
}

function asServerState(state: StatusHolder["value"]["state"]): StatusNotification["state"] {
  return state === "setup" || state === "stopped" ? "starting" : state;
}

function tooOld(command: CommandName): Problem {
  const { serverPath, importStrategy } = readSettings();
  const own = serverPath !== undefined ? "codekin.server.path" : "codekin.importStrategy";
  const isOwn = serverPath !== undefined || importStrategy === "fromEnvironment";
  const message = vscode.l10n.t("The codekin that runs does not know {0} yet: update it.", command);
  return new Problem(message, isOwn ? [openSetting(own, vscode.l10n.t("Open Setting"))] : [restart]);
}

function asProblem(problem: unknown): Error {
  const code = (problem as { code?: unknown }).code;
  if (typeof code === "number" && CANCELLED.has(code)) return new vscode.CancellationError();
  return problem instanceof Problem ? problem : new Problem(messageOf(problem));
}
