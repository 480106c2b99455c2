import { afterEach, expect, test, vi } from "vitest";
import { keyOf, shownSpot } from "../src/places";
import type { Place } from "../src/protocol";
import { documentOf } from "../src/views/document";
import { NotebookCellKind, workspace } from "./vscode";

const CLOSED = "file:///project/shop.ipynb";
const OPEN = "vscode-notebook-cell://127.0.0.1:8080/project/shop.ipynb#W2sZmlsZQ";

const kinds = ["Markup", "Code", "Markup", "Code"] as const;
const cells = kinds.map((kind, index) => ({ kind: NotebookCellKind[kind], document: { uri: `cell ${index}` } }));
const openNotebookDocument = vi.fn(() => Promise.resolve({ getCells: () => cells }));
Object.assign(workspace, { openNotebookDocument });

afterEach(() => {
  openNotebookDocument.mockClear();
});

test.each([
  [1, "cell 1"],
  [2, "cell 3"],
])("code cell %d of a closed notebook is %s of the one that is opened for it", async (cell, expected) => {
  expect(await documentOf({ uri: CLOSED, cell })).toBe(expected);
});

test("a cell that is gone meanwhile leaves the notebook", async () => {
  expect(String(await documentOf({ uri: CLOSED, cell: 3 }))).toBe(CLOSED);
});

test("files and the cells of open notebooks have documents of their own", async () => {
  expect(String(await documentOf({ uri: "file:///project/a.py" }))).toBe("file:///project/a.py");
  expect(String(await documentOf({ uri: OPEN, cell: 2 }))).toBe(OPEN);
  expect(openNotebookDocument).not.toHaveBeenCalled();
});

const place = (uri: string, cell: number | null) => ({ uri, cell, start_line: 3, end_line: 5 }) as Place;

test("a place in a notebook is told with its cell, as on the command line", () => {
  expect(shownSpot(place(CLOSED, 2))).toBe("shop.ipynb/cell-2:3");
  expect(shownSpot(place(OPEN, 2), 4)).toBe("shop.ipynb/cell-2:4");
  expect(shownSpot(place(OPEN, null))).toBe("shop.ipynb:3");
});

test("the same lines of two cells are two places; a cell stays the same when its notebook is opened", () => {
  expect(keyOf(place(CLOSED, 1))).not.toBe(keyOf(place(CLOSED, 2)));
  expect(keyOf(place(CLOSED, 2))).toBe(keyOf(place(OPEN, 2)));
});
