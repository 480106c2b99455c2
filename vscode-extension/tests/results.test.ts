import { expect, test } from "vitest";
import type { Place, SearchResult } from "../src/protocol";
import { byFile, clusterGroup, highlightsOf, listOf, stepped } from "../src/views/results";

function place(path: string, line: number, name: string): Place {
  const range = { start: { line: line - 1, character: 0 }, end: { line, character: 0 } };
  const uri = `file:///project/${path}`;
  return {
    path,
    start_line: line,
    end_line: line + 1,
    kind: "function",
    name,
    qualified_name: name,
    module: "m",
    uri,
    range,
  };
}

function result(path: string, line: number, name: string, score: number): SearchResult {
  return { ...place(path, line, name), score, produced_by: ["words", "meaning"] };
}

test("results are grouped by file, files in the order of their best result", () => {
  const groups = byFile([
    result("b/two.py", 1, "f", 0.9),
    result("one.py", 1, "g", 0.8),
    result("b/two.py", 9, "h", 0.7),
  ]);
  expect(groups.map(({ label, description }) => [label, description])).toEqual([
    ["two.py", "b"],
    ["one.py", ""],
  ]);
  expect(groups[0]?.leaves.map(({ place: { name } }) => name)).toEqual(["f", "h"]);
});

test("the cells of a notebook are one group, whether it is open or not", () => {
  const closed = { ...result("shop.ipynb", 3, "f", 0.9), cell: 2 };
  const open = { ...closed, uri: "vscode-notebook-cell:/project/shop.ipynb#W2s", cell: 1 };
  const groups = byFile([closed, open]);
  expect(groups.map(({ label, file }) => [label, String(file)])).toEqual([["shop.ipynb", closed.uri]]);
  expect(listOf(groups)).toBe("shop.ipynb/cell-2:3: f\nshop.ipynb/cell-1:3: f\n");
});

test("a result says its score and its reasons, or else which searches found it", () => {
  const found = result("one.py", 1, "f", 0.816);
  expect(byFile([found])[0]?.leaves[0]?.description).toBe("82 % · words + meaning");
  const reasoned = byFile([{ ...found, reasons: ["name has 'read'"] }]);
  expect(reasoned[0]?.leaves[0]?.description).toBe("82 % · name has 'read'");
});

test("matched words of the snippet are marked in the name", () => {
  const snippet = {
    line: 1,
    text: "def read_header(file):",
    matches: [
      [4, 8],
      [16, 20],
    ] as [number, number][],
  };
  expect(highlightsOf({ ...result("one.py", 1, "read_header", 1), snippet })).toEqual([[0, 4]]);
});

test("marks in a name do not overlap", () => {
  const snippet = {
    line: 1,
    text: "embed embedder",
    matches: [
      [0, 5],
      [6, 14],
    ] as [number, number][],
  };
  expect(highlightsOf({ ...result("one.py", 1, "UnitEmbedder", 1), snippet })).toEqual([[4, 12]]);
});

test("a duplicate is compared with the first of its cluster, and the first with the second", () => {
  const [one, two] = [place("one.py", 1, "f"), place("two.py", 5, "g")];
  const group = clusterGroup({ similarity: 0.953, lines: 12, members: [one, two] });
  expect(group.leaves.map(({ partner }) => partner)).toEqual([two, one]);
  expect(group.description).toBe("95 % alike, 12 lines");
});

test("the copied list has a line for each result", () => {
  expect(listOf(byFile([result("one.py", 3, "f", 1)]))).toBe("one.py:3: f\n");
});

test.each([
  [-1, 1, 0],
  [-1, -1, 2],
  [2, 1, 0],
  [0, -1, 2],
  [0, 1, 1],
] as const)("from %d by %d of three leads to %d", (index, by, expected) => {
  expect(stepped(index, by, 3)).toBe(expected);
});
