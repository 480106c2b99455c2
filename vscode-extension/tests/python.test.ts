import { describe, expect, test } from "vitest";
import { isInside, isRecent, onPath, readProbe } from "../src/python";

test.each([
  [[3, 11, 0], true],
  [[3, 14, 1], true],
  [[4, 0, 0], true],
  [[3, 10, 9], false],
  [[2, 7, 18], false],
])("Python %o is recent enough: %s", (version, expected) => {
  expect(isRecent(version)).toBe(expected);
});

describe("readProbe", () => {
  const found = {
    executable: "/usr/bin/python3",
    base: "/usr/bin/python3",
    version: [3, 12, 1],
    venv: true,
    codekin: false,
  };

  test("finds the probe's line among others", () => {
    expect(readProbe(`hello from sitecustomize\n${JSON.stringify(found)}\n`)).toEqual(found);
  });

  test("other output is no Python", () => {
    expect(readProbe("Python was not found; run without arguments to install from the Store")).toBeUndefined();
  });
});

test("PATH is tried with the plain names first", () => {
  expect(
    onPath("linux")
      .map(({ program }) => program)
      .slice(0, 3),
  ).toEqual(["python3", "python", "python3.14"]);
  expect(onPath("win32")[0]).toEqual({ program: "py", args: ["-3"], origin: "PATH" });
});

test("a program is inside a folder only below it", () => {
  expect(isInside("/project/.venv/bin/python", "/project")).toBe(true);
  expect(isInside("/projects/python", "/project")).toBe(false);
  expect(isInside("/usr/bin/python3", "/project")).toBe(false);
});
