import { execFileSync } from "node:child_process";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LogOutputChannel } from "vscode";
import { cannotInstall, collected, Environment, folderName, pipArguments, pythonIn } from "../src/environment";
import type { Interpreter } from "../src/python";

const log = { info: () => undefined, warn: () => undefined } as unknown as LogOutputChannel;
let root: string;
let storage: string;
let bundled: string;

/** A "Python" that makes an environment whose Python notes how it is called, and can be told to fail. */
const FAKE = `#!/bin/sh
echo "$@" >> "$CODEKIN_FAKE_LOG"
if [ "$3" = venv ]; then mkdir -p "$4/bin"; cp "$0" "$4/bin/python"; exit 0; fi
if [ "$3" = pip ] && [ -n "$CODEKIN_FAKE_FAILURE" ]; then echo "$CODEKIN_FAKE_FAILURE"; exit 1; fi
exit 0
`;

beforeEach(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), "codekin-environment-"));
  storage = path.join(root, "environments");
  bundled = path.join(root, "bundled");
  await fs.mkdir(bundled);
  await fs.writeFile(path.join(bundled, "codekin-0.1.0-py3-none-any.whl"), "first");
  await fs.writeFile(path.join(root, "python3"), FAKE, { mode: 0o755 });
  process.env["CODEKIN_FAKE_LOG"] = path.join(root, "calls");
  process.env["CODEKIN_FAKE_FAILURE"] = "";
});

afterEach(async () => {
  await fs.rm(root, { recursive: true, force: true });
});

function interpreter(): Interpreter {
  const executable = path.join(root, "python3");
  return { executable, base: executable, version: [3, 12, 1], venv: true, codekin: false };
}

function ensure(find = interpreter, chosen = false) {
  const environment = new Environment(storage, bundled, log);
  return environment.ensure({ find: () => Promise.resolve(find()), chosen, report: () => undefined });
}

async function installs(): Promise<number> {
  const calls = await fs.readFile(path.join(root, "calls"), "utf8").catch(() => "");
  return calls.split("\n").filter((line) => line.includes("pip install")).length;
}

async function folders(): Promise<string[]> {
  return (await fs.readdir(storage)).filter((each) => each.startsWith("python"));
}

// The fake is a shell's script.
describe.skipIf(process.platform === "win32")("Environment", () => {
  test("is made once, and used from then on without looking for a Python", async () => {
    const first = await ensure();
    const second = await ensure(() => {
      throw new Error("no Python is needed any more");
    });
    expect(second).toEqual(first);
    expect(await installs()).toBe(1);
  });

  test("of another wheel replaces the present one", async () => {
    const first = await ensure();
    await fs.writeFile(path.join(bundled, "codekin-0.1.0-py3-none-any.whl"), "second");
    const second = await ensure();
    expect(second.python).not.toBe(first.python);
    expect(await folders()).toEqual([path.basename(path.dirname(path.dirname(second.python)))]);
  });

  test("that was left half-made is made anew", async () => {
    const { python } = await ensure();
    await fs.rm(path.join(path.dirname(python), "..", "codekin.json"));
    const again = await ensure();
    expect(again.python).toBe(python);
    expect(await installs()).toBe(2);
  });

  test("whose Python is gone is made anew", async () => {
    const { python } = await ensure();
    await fs.rm(python);
    await ensure();
    expect(await installs()).toBe(2);
  });

  test("that failed leaves nothing that counts as made", async () => {
    process.env["CODEKIN_FAKE_FAILURE"] = "NewConnectionError: Name or service not known";
    await expect(ensure()).rejects.toThrow(/cannot be reached/);
    process.env["CODEKIN_FAKE_FAILURE"] = "";
    await ensure();
    expect(await installs()).toBe(2);
  });

  test("is made by one of two windows, and used by both", async () => {
    const [one, other] = await Promise.all([ensure(), ensure()]);
    expect(one).toEqual(other);
    expect(await installs()).toBe(1);
  });

  test("in use by another window is not removed", async () => {
    const first = await ensure();
    const users = path.join(path.dirname(first.python), "..", "users");
    await fs.writeFile(path.join(users, String(process.ppid)), "");
    await fs.writeFile(path.join(bundled, "codekin-0.1.0-py3-none-any.whl"), "second");
    await ensure();
    expect(await folders()).toHaveLength(2);
  });

  test("of a chosen Python is of no other", async () => {
    await ensure();
    const other = { ...interpreter(), base: path.join(root, "other") };
    execFileSync("cp", [path.join(root, "python3"), other.base]);
    await ensure(() => other, true);
    expect(await installs()).toBe(2);
  });

  test("cannot be made by a Python without venv, and says what to install", async () => {
    const without = { ...interpreter(), venv: false };
    await expect(ensure(() => without)).rejects.toThrow(/venv module is missing/);
  });
});

test("without a wheel the extension says that it is incomplete", async () => {
  await fs.rm(path.join(bundled, "codekin-0.1.0-py3-none-any.whl"));
  await expect(ensure()).rejects.toThrow(/without its server/);
});

test("nothing is ever compiled", () => {
  expect(pipArguments("a.whl").join(" ")).toContain("--only-binary :all:");
});

test.each([
  ["Collecting numpy>=1.26 (from codekin==0.1.0)", "numpy"],
  ["Downloading tree_sitter-0.25.2-cp312-cp312-manylinux.whl (600 kB)", "tree_sitter"],
  ["Installing collected packages: numpy", undefined],
])("%s names %s", (line, expected) => {
  expect(collected(line)).toBe(expected);
});

test.each([
  ["ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", /disk is full/],
  ["WARNING: Retrying … NewConnectionError … Temporary failure in name resolution", /cannot be reached/],
  ["ERROR: No matching distribution found for onnxruntime>=1.20", /no build for this Python/],
  ["something else", /log says why/],
])("pip's %s is told as something to do", (output, expected) => {
  const problem = cannotInstall(output);
  expect(problem.message).toMatch(expected);
  expect(problem.remedies.length).toBeGreaterThan(0);
  expect(problem.detail).toBe(output);
});

test("folders differ by wheel and Python", () => {
  const stamp = { wheel: "a", python: "/usr/bin/python3", version: "3.12.1" };
  expect(folderName(stamp)).toMatch(/^python3\.12-[0-9a-f]{12}$/);
  expect(folderName({ ...stamp, wheel: "b" })).not.toBe(folderName(stamp));
});

test("the environment's Python stands where the platform has it", () => {
  expect(pythonIn("/e", "linux")).toBe(path.join("/e", "bin", "python"));
  expect(pythonIn("/e", "win32")).toBe(path.join("/e", "Scripts", "python.exe"));
});
