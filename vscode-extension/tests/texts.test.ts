import { expect, test } from "vitest";
import { isIdentifier } from "../src/commands/names";
import { failing, questionOf } from "../src/commands/search";
import { environmentOf } from "../src/launch";
import { unitsBefore } from "../src/middleware";
import { percent } from "../src/places";
import { Problem } from "../src/problem";
import type { Place } from "../src/protocol";
import { dedented } from "../src/views/comparison";
import { indicesOf } from "../src/views/map";
import { Uri, workspace } from "./vscode";

const folders = workspace.workspaceFolders as never;

test("an empty search is no question", () => {
  expect(questionOf("  kind:class ", folders)).toBeUndefined();
});

test("a folder of a search is below the workspace's", () => {
  expect(questionOf("read in:src/net", folders)).toEqual({ query: "read", folder: "file:///project/src/net" });
});

test("with several workspace folders the first part names one", () => {
  const two = [...workspace.workspaceFolders, { name: "other", uri: Uri.parse("file:///other") }] as never;
  expect(questionOf("read in:other/src", two)).toEqual({ query: "read", folder: "file:///other/src" });
});

test("a search that failed offers what its problem's first button does", () => {
  const remedy = { title: "Try Again", run: () => undefined };
  expect(failing(new Problem("It does not run.", [remedy]))).toMatchObject({
    label: "$(info) It does not run.",
    detail: "Enter: Try Again",
    remedy,
  });
  expect(failing(new Error("too late"))).toEqual({ label: "$(info) too late", alwaysShow: true });
});

test.each([
  ["parse_header", true],
  ["größe", true],
  ["_x1", true],
  ["1x", false],
  ["a b", false],
  ["", false],
])("%s is an identifier: %s", (text, expected) => {
  expect(isIdentifier(text)).toBe(expected);
});

test.each([
  ["def f(): pass", 4, 4],
  ["é = 1", 2, 1],
  ["x = '𝒳'\ny", 11, 9],
])("%j has %d bytes in %d units", (text, bytes, expected) => {
  expect(unitsBefore(text, bytes)).toBe(expected);
});

test("a comparison is without the indentation of its first line", () => {
  expect(dedented("    def f(self):\n        return 1\n\n")).toBe("def f(self):\n    return 1\n");
});

test("shares are whole percents", () => {
  expect([percent(0.816), percent(0.004), percent(0), percent(1)]).toEqual(["82 %", "<1 %", "0 %", "100 %"]);
});

test("another Python's variables do not reach the server", () => {
  const given = { PATH: "/bin", PYTHONHOME: "/x", PYTHONSTARTUP: "/y", PYTHONPATH: "/z" };
  const activated = { VIRTUAL_ENV: "/v", CONDA_PREFIX: "/c" };
  expect(environmentOf({ ...given, ...activated }, true)).toEqual({ PATH: "/bin", PYTHONUTF8: "1" });
  const users = { PATH: "/bin", PYTHONPATH: "/z", ...activated, PYTHONUTF8: "1" };
  expect(environmentOf({ ...given, ...activated }, false)).toEqual(users);
});

test("results are found again among the points of the map", () => {
  const at = (uri: string, start_line: number) => ({ uri, start_line, end_line: start_line + 1 }) as Place;
  const points = [at("a", 1), at("b", 5)];
  expect(indicesOf([at("b", 5), at("c", 1)], points as never)).toEqual([1]);
});
