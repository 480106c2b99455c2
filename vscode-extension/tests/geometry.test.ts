import { describe, expect, test } from "vitest";
import { COLORS, looks, MARGIN, nearest, placed, SHAPES, towards } from "../src/webview/geometry";

test("the map fills the canvas up to its margin, with y upwards", () => {
  const [low, high] = placed(
    [
      { x: -1, y: -1 },
      { x: 1, y: 1 },
    ],
    { width: 400, height: 200 },
  );
  expect(low).toEqual({ x: MARGIN, y: 200 - MARGIN });
  expect(high).toEqual({ x: 400 - MARGIN, y: MARGIN });
});

describe("nearest", () => {
  const spots = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
  ];

  test("is the spot closest by", () => {
    expect(nearest(spots, { x: 7, y: 1 }, 14)).toBe(1);
  });

  test("is none out of reach", () => {
    expect(nearest(spots, { x: 50, y: 0 }, 14)).toBe(-1);
  });
});

describe("towards", () => {
  const spots = [
    { x: 0, y: 0 },
    { x: 10, y: 2 },
    { x: 30, y: 0 },
    { x: 0, y: 10 },
    { x: -5, y: -20 },
  ];

  test.each([
    ["right", 1],
    ["down", 3],
    ["up", 4],
    ["left", 0],
  ] as const)("%s leads to spot %d", (direction, expected) => {
    expect(towards(spots, 0, direction)).toBe(expected);
  });

  test("spots that are not wanted are passed over", () => {
    expect(towards(spots, 0, "right", (index) => index !== 1)).toBe(2);
  });

  test("from nowhere it begins at the first wanted one", () => {
    expect(towards(spots, -1, "right", (index) => index > 2)).toBe(3);
  });
});

describe("looks", () => {
  test("the largest folders get the first colours", () => {
    const known = looks(["a", "b", "b"]);
    expect(known.get("b")).toEqual({ color: 0, shape: 0 });
    expect(known.get("a")).toEqual({ color: 1, shape: 0 });
  });

  test("folders beyond the last look share it", () => {
    const folders = Array.from({ length: COLORS * SHAPES + 5 }, (_, index) => `f${index}`);
    const all = [...looks(folders).values()].map(({ color, shape }) => `${color}/${shape}`);
    expect(new Set(all).size).toBe(COLORS * SHAPES);
  });
});
