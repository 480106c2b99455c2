import { expect, test } from "vitest";
import type { TextDocument } from "vscode";
import { Range } from "vscode";
import { matchRanges } from "../src/views/preview";

const lines = ["def confirm(text):", "    return ask(text)"];
const document = {
  lineCount: lines.length,
  lineAt: (line: number) => ({ text: lines[line] }),
} as unknown as TextDocument;

test("matches are marked where they stand, behind the indentation that a snippet leaves out", () => {
  const snippet = { line: 2, text: "return ask(text)", matches: [[7, 10]] as [number, number][] };
  expect(matchRanges(document, snippet)).toEqual([new Range(1, 11, 1, 14)]);
});

test("a line that has changed meanwhile has no marks, nor has one that is gone", () => {
  const snippet = { line: 1, text: "return ask(text)", matches: [[7, 10]] as [number, number][] };
  expect(matchRanges(document, snippet)).toEqual([]);
  expect(matchRanges(document, { ...snippet, line: 9 })).toEqual([]);
});
