/**
 * One at a time among several windows: a folder that only one process can make.
 *
 * In: a path. Out: the result of what was done while holding it. A holder that died, or that gave no sign of life for a
 * minute, loses it. Must not know what it guards.
 */

import { randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";

export interface LockOptions {
  /** Milliseconds between two signs of life, and between two tries. */
  beat?: number;
  /** Milliseconds without a sign of life after which a lock is nobody's. */
  stale?: number;
  onWait?: () => void;
}

const BEAT = 2_000;
const STALE = 60_000;

export async function withLock<T>(at: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  const beat = options.beat ?? BEAT;
  await take(at, beat, options.stale ?? STALE, options.onWait);
  const owner = path.join(at, "owner");
  await fs.writeFile(owner, String(process.pid));
  const heart = setInterval(() => void fs.utimes(owner, new Date(), new Date()).catch(ignore), beat);
  try {
    return await work();
  } finally {
    clearInterval(heart);
    await fs.rm(at, { recursive: true, force: true });
  }
}

async function take(at: string, beat: number, stale: number, onWait?: () => void): Promise<void> {
  await fs.mkdir(path.dirname(at), { recursive: true });
  for (let waited = false; ;) {
    try {
      await fs.mkdir(at);
      return;
    } catch (problem) {
      if ((problem as NodeJS.ErrnoException).code !== "EEXIST") throw problem;
    }
    if (await isStale(at, stale)) {
      await steal(at);
      continue;
    }
    if (!waited) onWait?.();
    waited = true;
    await new Promise((resolve) => setTimeout(resolve, Math.min(beat, 500)));
  }
}

async function isStale(at: string, stale: number): Promise<boolean> {
  const owner = path.join(at, "owner");
  const sign = await fs.stat(owner).catch(() => fs.stat(at).catch(() => undefined));
  if (sign === undefined) return false; // released meanwhile
  if (Date.now() - sign.mtimeMs > stale) return true;
  const pid = Number(await fs.readFile(owner, "utf8").catch(() => ""));
  return Number.isInteger(pid) && pid > 0 && !isAlive(pid);
}

/** Of two who find it stale only one can move it away. */
async function steal(at: string): Promise<void> {
  const away = `${at}.${randomUUID()}`;
  await fs.rename(at, away).catch(ignore);
  await fs.rm(away, { recursive: true, force: true });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code === "EPERM";
  }
}

function ignore(): void {
  // the lock was released or taken over between two looks at it
}
