/** As much of vscode-languageclient as the server's life touches. */

interface Closing {
  errorHandler: { closed: () => Promise<{ action: number }> };
}

/** The language client's life, without a process: a test says how a start ends. */
export class LanguageClient {
  static all: LanguageClient[] = [];
  static mode: "runs" | "fails" | "hangs" = "runs";
  state = 1;
  disposed = false;
  initializeResult = { capabilities: {}, serverInfo: { version: "1" } };
  readonly notified = new Map<string, (said: never) => void>();
  private readonly listeners: ((change: { newState: number }) => void)[] = [];

  constructor(
    _id: string,
    _name: string,
    readonly server: unknown,
    readonly options: Closing,
  ) {
    LanguageClient.all.push(this);
  }

  start(): Promise<void> {
    if (LanguageClient.mode === "hangs") return new Promise(() => undefined);
    this.become(3);
    if (LanguageClient.mode === "fails") {
      this.become(1);
      return Promise.reject(new Error("pending response rejected"));
    }
    this.become(2);
    return Promise.resolve();
  }

  become(state: number): void {
    this.state = state;
    for (const each of this.listeners) each({ newState: state });
  }

  onNotification(method: string, heard: (said: never) => void): void {
    this.notified.set(method, heard);
  }

  onDidChangeState(listener: (change: { newState: number }) => void): void {
    this.listeners.push(listener);
  }

  dispose(): Promise<void> {
    this.disposed = true;
    return Promise.resolve();
  }

  /** As the library asks when the connection is gone. */
  async dies(): Promise<string> {
    const { action } = await this.options.errorHandler.closed();
    return action === 2 ? "restart" : "end";
  }
}

export const CloseAction = { DoNotRestart: 1, Restart: 2 };
export const ErrorAction = { Continue: 1 };
export const ProgressType = Object;
export const RevealOutputChannelOn = { Never: 4 };
export const State = { Stopped: 1, Running: 2, Starting: 3 };
