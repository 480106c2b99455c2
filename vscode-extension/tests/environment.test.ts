import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LogOutputChannel } from "vscode";
import { Environment, folderName, pythonIn } from "../src/environment";
import { withLock } from "../src/lock";
import type { Problem } from "../src/problem";
import type { Interpreter } from "../src/python";
import { configured } from "./vscode";

const log = { info: () => undefined, warn: () => undefined } as unknown as LogOutputChannel;
let root: string;
let storage: string;
let bundled: string;

/** A "Python" that makes an environment whose Python notes how it is called, and can be told to fail. */
const FAKE = `#!/bin/sh
echo "$@ user=$PIP_USER target=$PIP_TARGET" >> "$CODEKIN_FAKE_LOG"
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
  configured.clear();
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

async function calls(): Promise<string[]> {
  const text = await fs.readFile(path.join(root, "calls"), "utf8").catch(() => "");
  return text.split("\n").filter((line) => line.includes("pip install"));
}

async function installs(): Promise<number> {
  return (await calls()).length;
}

function folderOf({ python }: { python: string }): string {
  return path.dirname(path.dirname(python));
}

async function anotherVersion(): Promise<void> {
  await fs.writeFile(path.join(bundled, "codekin-0.1.0-py3-none-any.whl"), "second");
}

function isStamped(folder: string): boolean {
  return existsSync(path.join(folder, "codekin.json"));
}

/** Another window, of a process that lives, runs on it. */
async function usedByAnother(folder: string): Promise<void> {
  await fs.writeFile(path.join(folder, "users", String(process.ppid)), "");
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
    await anotherVersion();
    const second = await ensure();
    expect(second.python).not.toBe(first.python);
    await vi.waitFor(async () => {
      expect(await folders()).toEqual([path.basename(folderOf(second))]);
    });
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

  test("in use by another window is not removed, and by none it is, also without a set-up", async () => {
    const first = await ensure();
    await usedByAnother(folderOf(first));
    await anotherVersion();
    const second = await ensure();
    expect(await folders()).toHaveLength(2);
    await fs.rm(path.join(folderOf(first), "users"), { recursive: true });
    await ensure();
    expect(await installs()).toBe(2);
    await vi.waitFor(async () => {
      expect(await folders()).toEqual([path.basename(folderOf(second))]);
    });
  });

  test("is rebuilt where no other window uses it", async () => {
    const environment = new Environment(storage, bundled, log);
    const options = { find: () => Promise.resolve(interpreter()), chosen: false, report: () => undefined };
    const folder = folderOf(await environment.ensure(options));
    await usedByAnother(folder);
    expect(await environment.clear()).toBe(1);
    expect(await fs.readdir(folder)).toContain("codekin.json");
    await fs.rm(path.join(folder, "users", String(process.ppid)));
    expect(await environment.clear()).toBe(0);
    expect(await folders()).toEqual([]);
  });

  test("is not cleared while another window makes one", async () => {
    await ensure();
    await withLock(path.join(storage, "lock"), async () => {
      const ending = new AbortController();
      const clearing = new Environment(storage, bundled, log).clear(ending.signal);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(await folders()).toHaveLength(1);
      ending.abort();
      await expect(clearing).rejects.toThrow();
    });
  });

  test("is left when the window goes", async () => {
    const environment = new Environment(storage, bundled, log);
    const options = { find: () => Promise.resolve(interpreter()), chosen: false, report: () => undefined };
    const users = path.join(folderOf(await environment.ensure(options)), "users");
    expect(await fs.readdir(users)).toEqual([String(process.pid)]);
    await environment.leave();
    expect(await fs.readdir(users)).toEqual([]);
  });

  test("that cannot be removed whole does not count as made", async () => {
    const folder = folderOf(await ensure());
    await anotherVersion();
    const before: boolean[] = [];
    const info = (line: string) => line === `removing ${folder}` && before.push(isStamped(folder));
    const environment = new Environment(storage, bundled, { ...log, info });
    await environment.ensure({ find: () => Promise.resolve(interpreter()), chosen: false, report: () => undefined });
    await vi.waitFor(() => {
      expect(before).toEqual([false]);
    });
  });

  test("is installed through the editor's proxy, whose password is not logged, and nowhere else", async () => {
    configured.set("http.proxy", "http://ann:secret@proxy:8080");
    const told: string[] = [];
    const listening = { ...log, info: (line: string) => told.push(line) } as unknown as LogOutputChannel;
    process.env["PIP_TARGET"] = "/elsewhere";
    const environment = new Environment(storage, bundled, listening);
    const find = () => Promise.resolve(interpreter());
    await environment.ensure({ find, chosen: false, report: () => undefined });
    delete process.env["PIP_TARGET"];
    expect(await calls()).toEqual([expect.stringMatching(/--proxy http:\/\/ann:secret@proxy:8080 .*user=0 target=$/)]);
    expect(told.join()).toContain("--proxy http://…@proxy:8080");
    expect(told.join()).not.toContain("secret");
  });

  test("of a chosen Python is of no other", async () => {
    await ensure();
    const other = { ...interpreter(), base: path.join(root, "other") };
    execFileSync("cp", [path.join(root, "python3"), other.base]);
    await ensure(() => other, true);
    await ensure(interpreter, true);
    expect(await installs()).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 100)); // removing goes on beside it
    expect(await folders()).toHaveLength(2);
  });

  test("cannot be made by a Python without venv, and says what to install", async () => {
    const without = { ...interpreter(), venv: false };
    await expect(ensure(() => without)).rejects.toThrow(/venv module is missing/);
  });
});

test("without a wheel the extension says that it is incomplete", async () => {
  await fs.rm(path.join(bundled, "codekin-0.1.0-py3-none-any.whl"));
  const problem = (await ensure().catch((found: unknown) => found)) as Problem;
  expect(problem.message).toMatch(/without its server/);
  expect(problem.remedies.map(({ title }) => title)).toEqual(["Install from VSIX…"]);
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
