/**
 * One at a time among several windows: a folder that only one process can make.
 *
 * In: a path. Out: the result of what was done while holding it. A holder that died loses it; one that lives keeps it
 * through a sleep of the machine, and loses it only where whoever waits has sat through minutes without a sign of it:
 * its process's number may be another's by now. Must not know what it guards.
 */

import { randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export interface LockOptions {
  /** Milliseconds between two signs of life, and between two tries. */
  beat?: number;
  /** Milliseconds of waiting without a sign of life after which a lock is nobody's. */
  stale?: number;
  onWait?: () => void;
  /** Ends the wait, not the work. */
  signal?: AbortSignal | undefined;
}

/** What a lock says of who holds it: a process's number and a word that no other holder has. */
interface Holder {
  owner: string;
  sign: number;
}

const BEAT = 2_000;
const STALE = 5 * 60_000;

export async function withLock<T>(at: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  const owner = `${process.pid} ${randomUUID()}`;
  const beat = options.beat ?? BEAT;
  await take(at, owner, { ...options, beat });
  const heart = setInterval(() => void show(at, owner), beat);
  try {
    return await work();
  } finally {
    clearInterval(heart);
    if ((await holderOf(at))?.owner === owner) await fs.rm(at, { recursive: true, force: true });
  }
}

async function take(at: string, owner: string, options: LockOptions & { beat: number }): Promise<void> {
  const { signal, stale = STALE } = options;
  const rest = Math.min(options.beat, 500);
  await fs.mkdir(path.dirname(at), { recursive: true });
  let last: Holder | undefined;
  let silence = 0; // counted in pauses: the clock goes on while the machine sleeps
  for (let waited = false; ;) {
    signal?.throwIfAborted();
    if (await isMade(at, owner)) return;
    const holder = await holderOf(at);
    if (!holder) continue; // released meanwhile
    silence = holder.owner === last?.owner && holder.sign === last.sign ? silence + rest : 0;
    last = holder;
    if (isDead(holder) || silence > stale) {
      await steal(at, holder);
      continue;
    }
    if (!waited) options.onWait?.();
    waited = true;
    await pause(rest, undefined, signal ? { signal } : {});
  }
}

async function isMade(at: string, owner: string): Promise<boolean> {
  try {
    await fs.mkdir(at);
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw problem;
  }
  await fs.writeFile(path.join(at, "owner"), owner).catch(async (problem: unknown) => {
    await fs.rm(at, { recursive: true, force: true });
    throw problem;
  });
  return true;
}

/** Undefined where nobody holds it; without an owner where one has only just come, or died then. */
async function holderOf(at: string): Promise<Holder | undefined> {
  const file = path.join(at, "owner");
  const owner = await fs.readFile(file, "utf8").catch(() => "");
  const found = await fs.stat(owner ? file : at).catch(() => undefined);
  return found && { owner, sign: found.mtimeMs };
}

async function show(at: string, owner: string): Promise<void> {
  if ((await holderOf(at))?.owner !== owner) return;
  await fs.utimes(path.join(at, "owner"), new Date(), new Date()).catch(ignore);
}

function isDead({ owner }: Holder): boolean {
  const pid = Number.parseInt(owner, 10);
  return pid > 0 && !isAlive(pid);
}

/** Of two who find it dead only one can move it away; what the other moves is a third one's, and goes back. */
async function steal(at: string, dead: Holder): Promise<void> {
  const away = `${at}.${randomUUID()}`;
  await fs.rename(at, away).catch(ignore);
  const moved = await holderOf(away);
  if (moved && moved.owner !== dead.owner) await fs.rename(away, at).catch(ignore);
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
