/**
 * The language server: started, stopped, started again when it dies, and asked.
 *
 * In: commands of the protocol. Out: their answers, typed; failures with something to do about them. Nothing is shown
 * that nobody asked for, except that it does not start. Must not know what any command is for.
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
import { environmentOf, type Launch, type Launcher } from "./launch";
import { messageOf, openSetting, Problem, restart, show } from "./problem";
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
  private readonly crashes = new Crashes();
  private recovery: Promise<void> | undefined;
  private partials = 0;
  private asked = 0;
  origin = "";

  constructor(
    private readonly launcher: Launcher,
    private readonly status: StatusHolder,
    private readonly log: vscode.LogOutputChannel,
    private readonly middleware: Omit<Middleware, "workspace">,
  ) {}

  /** Starts it unless it runs; a failure is shown, with what to do. */
  start(): Promise<void> {
    this.starting ??= this.doStart()
      .catch((problem: unknown) => {
        this.fail(problem);
      })
      .finally(() => {
        this.starting = undefined;
      });
    return this.starting;
  }

  async stop(): Promise<void> {
    this.setup?.abort();
    await this.starting;
    const client = this.client;
    this.client = undefined;
    await client?.dispose(STOP_TIMEOUT).catch((problem: unknown) => {
      this.log.warn(`the server did not stop in good order: ${messageOf(problem)}`);
    });
    this.status.set("stopped");
  }

  async restart(): Promise<void> {
    await this.stop();
    this.crashes.forget();
    await this.start();
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
    this.asked += 1;
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
      this.asked -= 1;
      if (heard) heard.dispose();
    }
  }

  /** Waits for something that the user asked for; what the server says meanwhile is shown. */
  async onBehalf<T>(work: () => Promise<T>): Promise<T> {
    this.asked += 1;
    try {
      return await work();
    } finally {
      this.asked -= 1;
    }
  }

  /** The running client, for what is no command: conversions of the protocol's types. */
  async running(): Promise<Client> {
    if (this.client === undefined || this.starting) await this.start();
    await this.recovery;
    const client = this.client;
    if (client?.state === State.Starting) await client.start();
    if (client?.state !== State.Running) {
      throw new Problem(vscode.l10n.t("The codekin server does not run."), [restart]);
    }
    return client;
  }

  /** Tells the server something that has no answer; nothing where it does not run. */
  async tell(method: string, params: object): Promise<void> {
    if (this.client?.state === State.Running) await this.client.sendNotification(method, params);
  }

  dispose(): void {
    void this.stop();
  }

  private async doStart(): Promise<void> {
    if (this.client) return;
    const setup = (this.setup = new AbortController());
    this.status.set("setup");
    const launch = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: "codekin" },
      (progress) =>
        this.launcher.find((message) => {
          progress.report({ message });
          this.status.set("setup", message);
        }, setup.signal),
    );
    this.status.set("starting");
    this.log.info(`starting ${launch.program} ${launch.args.join(" ")}`);
    this.origin = launch.origin;
    const client = new Client(launch, this.options());
    this.client = client;
    client.onNotification(STATUS, (said: StatusNotification) => {
      this.status.hear(said);
    });
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Starting) this.status.set("starting");
      if (newState === State.Running) this.greeted(client);
    });
    try {
      await client.start();
    } catch (problem) {
      this.client = undefined;
      throw new Problem(
        vscode.l10n.t("The codekin server did not start; the log says why."),
        [restart],
        messageOf(problem),
      );
    }
  }

  private greeted(client: Client): void {
    client.onNotification("window/showMessage", (said: { type: number; message: string }) => {
      this.hearMessage(said);
    });
    if (this.status.value.state === "starting") this.status.hear({ state: "ready" });
    const version = client.initializeResult?.serverInfo?.version;
    this.log.info(`codekin ${version ?? ""} runs${this.pid ? `, process ${this.pid}` : ""}`);
  }

  /** A message that no request stands behind goes to the log and the status item: nobody asked for it. */
  private hearMessage({ type, message }: { type: number; message: string }): void {
    if (this.asked > 0) {
      const tell = [vscode.window.showErrorMessage, vscode.window.showWarningMessage][type - 1];
      void (tell ?? vscode.window.showInformationMessage)(message);
      return;
    }
    this.log.warn(message);
    this.status.hear({ ...this.status.value, state: asServerState(this.status.value.state), message });
  }

  private options(): LanguageClientOptions {
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
        closed: () => this.closed(),
      },
      middleware: { ...this.middleware, workspace: configurationMiddleware },
      connectionOptions: { maxRestartCount: 0 },
    };
  }

  private async closed(): Promise<CloseHandlerResult> {
    const wait = this.crashes.next(Date.now());
    if (wait === undefined) {
      this.client = undefined;
      this.fail(
        new Problem(vscode.l10n.t("The codekin server ended five times in three minutes; the log says why."), [
          restart,
        ]),
      );
      return { action: CloseAction.DoNotRestart, handled: true };
    }
    this.log.warn(`the server ended by itself and is started again in ${wait} ms`);
    this.status.set("starting");
    this.recovery = this.recovered(wait + RECOVERY_TIMEOUT);
    await new Promise((resolve) => setTimeout(resolve, wait));
    return { action: CloseAction.Restart, handled: true };
  }

  /** Until it runs again, or for so long; whoever waited then is told what the state is. */
  private recovered(timeout: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        listener.dispose();
        resolve();
      };
      const timer = setTimeout(done, timeout);
      const listener = this.status.onDidChange(({ state }) => {
        if (state !== "starting") done();
      });
    });
  }

  private fail(problem: unknown): void {
    if (this.setup?.signal.aborted === true) return;
    this.log.error(messageOf(problem));
    if (problem instanceof Problem && problem.detail) this.log.error(problem.detail);
    this.status.set("failed", messageOf(problem));
    void show(problem);
  }
}

/** The language client, which tells the log and not the user. */
export class Client extends LanguageClient {
  constructor(launch: Launch, options: LanguageClientOptions) {
    const { program: command, args, cwd } = launch;
    super(SECTION, "codekin", { command, args, options: { cwd, env: environmentOf(process.env) } }, options);
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
