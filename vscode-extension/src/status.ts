/**
 * How the server is doing, as one value that whoever shows it listens to.
 *
 * In: notifications of the server, and what the extension itself does. Out: the present state and its changes. Must not
 * know how it is shown.
 */

import * as vscode from "vscode";
import type { ServerState, StatusNotification, Tier } from "./protocol";

export type State = ServerState | "setup" | "stopped";

export interface Status {
  state: State;
  done: number;
  total: number;
  tier: Tier | null;
  model: string | null;
  message: string | null;
}

const NOTHING: Omit<Status, "state"> = { done: 0, total: 0, tier: null, model: null, message: null };

export class StatusHolder implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<Status>();
  readonly onDidChange = this.emitter.event;
  private present: Status = { state: "stopped", ...NOTHING };

  get value(): Status {
    return this.present;
  }

  /** What the extension itself knows: it is setting up, starting, or has given up. */
  set(state: State, message: string | null = null): void {
    this.update({ ...NOTHING, model: this.present.model, state, message });
  }

  /** The server's own word. A field that it left out keeps no old value. */
  hear(said: Partial<StatusNotification> & Pick<StatusNotification, "state">): void {
    this.update({ ...NOTHING, ...said });
  }

  private update(status: Status): void {
    this.present = status;
    void vscode.commands.executeCommand("setContext", "codekin.paused", status.state === "paused");
    this.emitter.fire(status);
  }

  dispose(): void {
    this.emitter.dispose();
  }
}
