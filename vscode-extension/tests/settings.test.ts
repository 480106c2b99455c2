import { beforeEach, describe, expect, test } from "vitest";
import manifest from "../package.json";
import { expandedPath, isSet, nested, OWN_KEYS, RESTARTING_KEYS, serverKeys, serverSettings } from "../src/settings";
import { configured } from "./vscode";

beforeEach(() => {
  configured.clear();
});

describe("serverSettings", () => {
  test("a setting that nobody set is not sent, so that the project's stays", () => {
    configured.set("codekin.names.limit", 3);
    expect(serverSettings()).toEqual({ names: { limit: 3 } });
  });

  test("the extension's own settings are not sent", () => {
    configured.set("codekin.interpreter", "/usr/bin/python3");
    expect(serverSettings()).toEqual({});
  });
});

test("nested settings share their groups", () => {
  const entries = [["names.limit", 3] as const, ["names.inside", false] as const, ["trace", "off"] as const];
  expect(nested(entries)).toEqual({ names: { limit: 3, inside: false }, trace: "off" });
});

test.each([
  [{ key: "codekin.x", defaultValue: 1 }, false],
  [{ key: "codekin.x", defaultValue: 1, globalValue: 1 }, true],
  [{ key: "codekin.x", workspaceFolderValue: null }, true],
  [undefined, false],
])("%o is set: %s", (inspected, expected) => {
  expect(isSet(inspected)).toBe(expected);
});

test("every setting of the extension's own is in the manifest, and no other key is taken for one", () => {
  const properties = Object.keys(manifest.contributes.configuration.properties);
  for (const key of [...OWN_KEYS, ...RESTARTING_KEYS]) expect(properties).toContain(`codekin.${key}`);
  expect(serverKeys()).toHaveLength(properties.length - OWN_KEYS.size);
});

test("a path may name the home, the folder and variables", () => {
  const known = { home: "/home/ann", folder: "/project" };
  process.env["CODEKIN_TEST"] = "x";
  expect(expandedPath("~/bin/python", known)).toBe("/home/ann/bin/python");
  expect(expandedPath("${workspaceFolder}/.venv/${env:CODEKIN_TEST}/~", known)).toBe("/project/.venv/x/~");
});
