import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LogOutputChannel } from "vscode";
import { Launcher } from "../src/launch";
import { findInterpreter, isForbidden, isInside, isRecent, onPath, readProbe, selectInterpreter } from "../src/python";
import { configured, dialog, executed, inspected, updates, Uri, workspace } from "./vscode";

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
  expect(isInside("/project/..hidden/python", "/project")).toBe(true);
});

// The programs are a shell's scripts.
describe.skipIf(process.platform === "win32")("a folder that is not trusted", () => {
  const present = { folders: workspace.workspaceFolders, path: process.env["PATH"] };
  const log = { info: () => undefined, debug: () => undefined, warn: () => undefined } as unknown as LogOutputChannel;
  let root: string;
  let folder: string;

  beforeEach(async () => {
    root = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), "codekin-python-")));
    folder = path.join(root, "stranger");
    await fs.mkdir(path.join(folder, "bin"), { recursive: true });
    workspace.isTrusted = false;
    workspace.workspaceFolders = [{ name: "stranger", uri: Uri.parse(folder) }];
  });

  afterEach(async () => {
    workspace.isTrusted = true;
    workspace.workspaceFolders = present.folders;
    process.env["PATH"] = present.path;
    configured.clear();
    await fs.rm(root, { recursive: true, force: true });
  });

  /** A program that says it is this Python, and notes that it was started. */
  async function program(file: string, executable = file): Promise<string> {
    const found = { executable, base: executable, version: [3, 12, 1], venv: true, codekin: false };
    const script = `#!/bin/sh\n: > '${root}/started'\necho '${JSON.stringify(found)}'\n`;
    await fs.writeFile(file, script, { mode: 0o755 });
    return file;
  }

  const isStarted = () =>
    fs.stat(path.join(root, "started")).then(
      () => true,
      () => false,
    );

  test("may name no program of its own, by no way round", async () => {
    const own = await program(path.join(folder, "bin", "python3"));
    const link = path.join(root, "link");
    await fs.symlink(own, link);
    expect([own, link, path.join(root, "other")].map(isForbidden)).toEqual([true, true, false]);
    workspace.isTrusted = true;
    expect(isForbidden(own)).toBe(false);
  });

  test("has no program on PATH", async () => {
    await program(path.join(folder, "bin", "python3"));
    process.env["PATH"] = path.join(folder, "bin");
    await expect(findInterpreter(log)).rejects.toThrow(/No Python 3.11 or newer/);
    expect(await isStarted()).toBe(false);
  });

  test("is not where a launcher may lead", async () => {
    await fs.mkdir(path.join(root, "bin"));
    await program(path.join(root, "bin", "python3"), path.join(folder, "bin", "python3"));
    process.env["PATH"] = path.join(root, "bin");
    await expect(findInterpreter(log)).rejects.toThrow(/No Python 3.11 or newer/);
  });

  test.each(["interpreter", "server.path"])("is not the place of codekin.%s, and trust is offered", async (key) => {
    const own = await program(path.join(folder, "bin", "codekin"));
    configured.set(`codekin.${key}`, "${workspaceFolder}/bin/codekin");
    const context = { globalStorageUri: Uri.parse(path.join(root, "storage")), asAbsolutePath: () => root };
    const launcher = new Launcher(context as never, log);
    const find = key === "interpreter" ? findInterpreter(log) : launcher.find(() => undefined);
    const problem = (await find.catch((found: unknown) => found)) as { message: string; remedies: { title: string }[] };
    expect(problem.message).toContain(own);
    expect(problem.remedies.map(({ title }) => title)).toContain("Manage Workspace Trust");
    expect(await isStarted()).toBe(false);
    workspace.isTrusted = true;
    if (key === "server.path") expect((await launcher.find(() => undefined)).program).toBe(own);
  });
});

describe("Select Python", () => {
  beforeEach(() => {
    dialog.file = "/usr/bin/python3";
    for (const each of [updates, executed]) each.length = 0;
    inspected.clear();
  });

  test.each([
    [{}, 1],
    [{ globalValue: "/a" }, 1],
    [{ globalValue: "/a", workspaceValue: "/b" }, 2],
    [{ workspaceValue: null, workspaceFolderValue: "/c" }, 3],
  ])("with %o set, it is written where it holds, and tried", async (scopes, target) => {
    inspected.set("codekin.interpreter", scopes);
    await selectInterpreter.run();
    expect(updates).toEqual([["codekin.interpreter", "/usr/bin/python3", target]]);
    expect(executed).toEqual(["codekin.restartServer"]);
  });
});
