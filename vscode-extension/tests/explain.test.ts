import { expect, test } from "vitest";
import { marksOf, strengthOf } from "../src/commands/explain";
import type { Range } from "../src/protocol";

const range = (line: number): Range => ({ start: { line, character: 0 }, end: { line, character: 4 } });
const context = (from: number, to: number, weight: number) => ({
  start: "a",
  path: "p",
  end: "b",
  weight,
  startRange: range(from),
  endRange: range(to),
});

test("a piece of code gets the weight of every path that it is an end of, strongest first", () => {
  const marks = marksOf([context(1, 2, 0.2), context(2, 3, 0.5)]);
  expect(marks.map(({ range: at, weight }) => [at.start.line, weight])).toEqual([
    [2, 0.7],
    [3, 0.5],
    [1, 0.2],
  ]);
  expect(marks[0]?.contexts.map(({ weight }) => weight)).toEqual([0.5, 0.2]);
});

test("a path from a piece of code to itself counts once", () => {
  expect(marksOf([context(1, 1, 0.3)]).map(({ weight }) => weight)).toEqual([0.3]);
});

test.each([
  [1, 5],
  [0.81, 5],
  [0.8, 4],
  [0.2, 1],
  [0, 1],
])("a share of %d of the strongest has strength %d", (share, expected) => {
  expect(strengthOf(share, 1)).toBe(expected);
});
