/**
 * The extension's settings, read once in one place, and those that are passed on to the server.
 *
 * In: the editor's configuration. Out: plain values. A setting that nobody set is not passed on, so that the project's
 * `[tool.codekin]` keeps its say. Must not know what any setting does.
 */

import * as vscode from "vscode";
import { properties } from "./manifest";

export const SECTION = "codekin";

/** Settings of the extension itself; all others are the server's. */
export const OWN_KEYS: ReadonlySet<string> = new Set([
  "importStrategy",
  "interpreter",
  "server.path",
  "rename.provider",
  "trace.server",
]);

/** A change of one of these needs another server process. */
export const RESTARTING_KEYS = ["importStrategy", "interpreter", "server.path", "model.path", "cache.path"] as const;

export type ImportStrategy = "bundled" | "fromEnvironment";

export interface Settings {
  serverPath: string | undefined;
  interpreter: string | undefined;
  importStrategy: ImportStrategy;
  renameProvider: "editor" | "codekin";
}

export function readSettings(scope?: vscode.Uri): Settings {
  const values = vscode.workspace.getConfiguration(SECTION, scope);
  return {
    serverPath: expanded(values.get<string | null>("server.path")),
    interpreter: expanded(values.get<string | null>("interpreter")),
    importStrategy: values.get<ImportStrategy>("importStrategy", "bundled"),
    renameProvider: values.get<Settings["renameProvider"]>("rename.provider", "editor"),
  };
}

/** The server's settings that somebody set, nested as the protocol sends them. */
export function serverSettings(scope?: vscode.Uri): Record<string, unknown> {
  const values = vscode.workspace.getConfiguration(SECTION, scope ?? null);
  const chosen: [string, unknown][] = [];
  for (const key of serverKeys()) {
    if (isSet(values.inspect(key))) chosen.push([key, values.get<unknown>(key)]);
  }
  return nested(chosen);
}

export function serverKeys(): string[] {
  return Object.keys(properties)
    .map((key) => key.slice(SECTION.length + 1))
    .filter((key) => !OWN_KEYS.has(key));
}

/** Whether any person or project set it, rather than the manifest's default. */
export function isSet(found: object | undefined): boolean {
  return (
    found !== undefined &&
    Object.entries(found).some(([scope, value]) => /(global|workspace)/i.test(scope) && value !== undefined)
  );
}

/** `[["names.limit", 3]]` as `{names: {limit: 3}}`. */
export function nested(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    const groups = key.split(".");
    const last = groups.pop() ?? key;
    let group = root;
    for (const each of groups) {
      group[each] ??= {};
      group = group[each] as Record<string, unknown>;
    }
    group[last] = value;
  }
  return root;
}

function expanded(path: string | null | undefined): string | undefined {
  const trimmed = path?.trim();
  if (!trimmed) return undefined;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  return expandedPath(trimmed, { home: process.env["HOME"] ?? process.env["USERPROFILE"] ?? "", folder });
}

/** `~`, `${userHome}`, `${workspaceFolder}` and `${env:NAME}`, as other extensions read them. */
export function expandedPath(path: string, known: { home: string; folder: string }): string {
  return path
    .replace(/^~(?=$|[\\/])/, known.home)
    .replaceAll("${userHome}", known.home)
    .replaceAll("${workspaceFolder}", known.folder)
    .replace(/\$\{env:([^}]+)\}/g, (_, name: string) => process.env[name] ?? "");
}
