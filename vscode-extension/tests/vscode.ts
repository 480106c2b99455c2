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
  toString(): string {
    return this.value;
  }
}

/** What a test says the user has set, by the setting's whole name. */
export const configured = new Map<string, unknown>();

export const workspace = {
  name: "project",
  isTrusted: true,
  workspaceFolders: [{ name: "project", uri: Uri.parse("file:///project") }],
  asRelativePath: (uri: Uri) => uri.fsPath.replace("/project/", ""),
  getConfiguration: (section: string) => ({
    get: (key: string, otherwise?: unknown) => configured.get(`${section}.${key}`) ?? otherwise,
    inspect: (key: string) => ({ defaultValue: 0, globalValue: configured.get(`${section}.${key}`) }),
  }),
};

export const l10n = {
  t: (text: string, ...values: unknown[]) =>
    text.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)])),
};
export const commands = { executeCommand: () => Promise.resolve() };
export const window = {};
export const env = {};
export const QuickPickItemKind = { Separator: -1 };
