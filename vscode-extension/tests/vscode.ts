/** As much of the editor's API as the logic under test touches: plain values, and settings that a test sets. */

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}

export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(startLine: number, startCharacter: number, endLine: number, endCharacter: number) {
    this.start = new Position(startLine, startCharacter);
    this.end = new Position(endLine, endCharacter);
  }
}

export class EventEmitter<T> {
  private readonly listeners = new Set<(value: T) => void>();
  readonly event = (listener: (value: T) => void): { dispose: () => void } => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };
  fire(value: T): void {
    for (const listener of this.listeners) listener(value);
  }
  dispose(): void {
    this.listeners.clear();
  }
}

export class Uri {
  private constructor(readonly value: string) {}
  static parse(value: string): Uri {
    return new Uri(value);
  }
  static joinPath(base: Uri, ...parts: string[]): Uri {
    return new Uri([base.value, ...parts].join("/"));
  }
  get fsPath(): string {
    return this.value.replace("file://", "");
  }
  get scheme(): string {
    return this.value.slice(0, this.value.indexOf(":"));
  }
  get path(): string {
    return this.value.replace(/^[\w-]+:(\/\/[^/]*)?/, "").replace(/#.*/, "");
  }
  /** Only to a scheme without authority and fragment. */
  with({ scheme }: { scheme: string }): Uri {
    return new Uri(`${scheme}://${this.path}`);
  }
  toString(): string {
    return this.value;
  }
}

export class CancellationError extends Error {}

export class CancellationTokenSource {
  private readonly emitter = new EventEmitter<undefined>();
  readonly token = { isCancellationRequested: false, onCancellationRequested: this.emitter.event };
  cancel(): void {
    this.token.isCancellationRequested = true;
    this.emitter.fire(undefined);
  }
  dispose(): void {
    this.emitter.dispose();
  }
}

/** What a test says the user has set, by the setting's whole name. */
export const configured = new Map<string, unknown>();
/** What a test says of a setting's scopes, where it is not just the user's. */
export const inspected = new Map<string, object>();
/** What was set: the setting, its value, the scope. */
export const updates: unknown[][] = [];
/** The commands that were executed. */
export const executed: string[] = [];

export const workspace = {
  name: "project",
  isTrusted: true,
  notebookDocuments: [],
  workspaceFolders: [{ name: "project", uri: Uri.parse("file:///project") }],
  asRelativePath: (uri: Uri) => uri.fsPath.replace("/project/", ""),
  getConfiguration: (section: string) => ({
    get: (key: string, otherwise?: unknown) => configured.get(`${section}.${key}`) ?? otherwise,
    inspect: (key: string) =>
      inspected.get(`${section}.${key}`) ?? { defaultValue: 0, globalValue: configured.get(`${section}.${key}`) },
    update: (key: string, value: unknown, target: unknown) => {
      updates.push([`${section}.${key}`, value, target]);
      return Promise.resolve();
    },
  }),
};

export const l10n = {
  t: (text: string, ...values: unknown[]) =>
    text.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)])),
};
export const commands = {
  executeCommand: (command: string) => {
    executed.push(command);
    return Promise.resolve();
  },
};
/** The file that a dialog's user chooses. */
export const dialog = { file: "" };
export const window = {
  showOpenDialog: () => Promise.resolve([Uri.parse(dialog.file)]),
  withProgress: <T>(_: unknown, work: (progress: { report: () => void }) => T) => work({ report: () => undefined }),
};
export const ProgressLocation = { Window: 10 };
export const ConfigurationTarget = { Global: 1, Workspace: 2, WorkspaceFolder: 3 };
export const env = {};
export const NotebookCellKind = { Markup: 1, Code: 2 };
export const ViewColumn = { Active: -1, Beside: -2 };
export const QuickPickItemKind = { Separator: -1 };
