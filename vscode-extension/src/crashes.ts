/**
 * Decides whether a server that ended by itself is started again.
 *
 * In: the time of each end. Out: how long to wait, or to give up. Must not know what ended.
 */

const MOST = 5;
const WITHIN = 3 * 60_000;
const LONGEST_WAIT = 8_000;

export class Crashes {
  private times: number[] = [];

  /** Milliseconds to wait before the next start; undefined: five ends in three minutes are enough. */
  next(now: number): number | undefined {
    this.times = [...this.times.filter((time) => now - time < WITHIN), now];
    if (this.times.length >= MOST) return undefined;
    return this.times.length === 1 ? 0 : Math.min(LONGEST_WAIT, 500 * 2 ** (this.times.length - 1));
  }

  forget(): void {
    this.times = [];
  }
}
