import { expect, test } from "vitest";
import { Crashes } from "../src/crashes";

test("the first end is followed by a start at once, later ones by longer waits", () => {
  const crashes = new Crashes();
  expect([0, 1, 2, 3].map((time) => crashes.next(time))).toEqual([0, 1000, 2000, 4000]);
});

test("five ends in three minutes are enough", () => {
  const crashes = new Crashes();
  for (const time of [0, 1, 2, 3]) crashes.next(time);
  expect(crashes.next(4)).toBeUndefined();
});

test("ends long ago do not count", () => {
  const crashes = new Crashes();
  for (const time of [0, 1, 2, 3]) crashes.next(time);
  expect(crashes.next(4 * 60_000)).toBe(0);
});
