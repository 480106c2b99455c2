import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withLock } from "../src/lock";

let root: string;
let at: string;

beforeEach(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), "codekin-lock-"));
  at = path.join(root, "lock");
});

afterEach(async () => {
  await fs.rm(root, { recursive: true, force: true });
});

test("only one holds it at a time", async () => {
  let holders = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++holders);
    await new Promise((resolve) => setTimeout(resolve, 20));
    holders -= 1;
  };
  await Promise.all([1, 2, 3].map(() => withLock(at, work, { beat: 5 })));
  expect(most).toBe(1);
});

test("it is released when the work fails", async () => {
  await expect(withLock(at, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await expect(withLock(at, () => Promise.resolve("held"))).resolves.toBe("held");
});

test("whoever waits is told once", async () => {
  let told = 0;
  const slow = withLock(at, () => new Promise((resolve) => setTimeout(resolve, 60)), { beat: 5 });
  await new Promise((resolve) => setTimeout(resolve, 10));
  await withLock(at, () => Promise.resolve(), { beat: 5, onWait: () => (told += 1) });
  await slow;
  expect(told).toBe(1);
});

test("a holder that died loses it", async () => {
  await fs.mkdir(at);
  await fs.writeFile(path.join(at, "owner"), "999999999");
  await expect(withLock(at, () => Promise.resolve("held"))).resolves.toBe("held");
});

/** A lock of a process that lives, and whose last sign of life is long ago. */
async function heldLong(): Promise<string> {
  await fs.mkdir(at);
  const owner = path.join(at, "owner");
  await fs.writeFile(owner, `${process.ppid} another`);
  const longAgo = new Date(Date.now() - 3_600_000);
  await fs.utimes(owner, longAgo, longAgo);
  return owner;
}

test("a holder that lives keeps it after the machine has slept; the wait can be ended", async () => {
  const owner = await heldLong();
  const ending = new AbortController();
  const waiting = withLock(at, () => Promise.resolve("held"), { beat: 5, signal: ending.signal });
  await new Promise((resolve) => setTimeout(resolve, 50));
  ending.abort();
  await expect(waiting).rejects.toThrow();
  expect(await fs.readFile(owner, "utf8")).toBe(`${process.ppid} another`);
});

test("a holder of which nothing is seen while one waits loses it", async () => {
  await heldLong();
  await expect(withLock(at, () => Promise.resolve("held"), { beat: 5, stale: 20 })).resolves.toBe("held");
});

test("whoever lost it leaves the next one's alone", async () => {
  const owner = path.join(at, "owner");
  await withLock(at, () => fs.writeFile(owner, "1 another"));
  expect(await fs.readFile(owner, "utf8")).toBe("1 another");
});
