/**
 * What is found in a notebook that is closed: shown and opened in its cell, never as JSON.
 *
 * In: a workbench, a project. Out: nothing, or the first thing that is wrong.
 */

import assert from "node:assert/strict";
import fs from "node:fs";
import { NAME, writeNotebook } from "../notebook.mjs";
import { until } from "../workbench.mjs";

const TAB = '.tab[data-resource-name="streams.ipynb"]';
const CELL = ".notebookOverlay .cell .monaco-editor";

export async function findsInNotebooks({ workbench, project }) {
  const { page } = workbench;
  const line = project.lineOf("click/globals.py", "def push_context");
  await workbench.goTo("click/globals.py", line, 5);
  const file = writeNotebook(project.folder, "streams.ipynb");
  await found(workbench);
  await page.waitForSelector(`${TAB}.active`);
  await page.locator(CELL, { hasText: NAME }).locator(".cdr.rangeHighlight, .cdr[class*=ced-]").first().waitFor();
  await workbench.picture("notebook");
  await workbench.closeList();
  await page.waitForSelector('.tab.active[data-resource-name="globals.py"]');
  await workbench.cursorIs(line);
  assert.equal(await page.locator(TAB).count(), 0, "the preview's tab stays");

  await found(workbench);
  await workbench.press("Enter");
  await workbench.listCloses();
  await page.waitForSelector(`${TAB}.active`);
  await page.locator(`${CELL}.focused`, { hasText: NAME }).waitFor();
  await workbench.press("Shift+End", "Control+c");
  await until(
    "the cursor at the function",
    async () => (await workbench.clipboard()) === `def ${NAME}(name):` || undefined,
  );
  await workbench.command("View: Close All Editors");

  await workbench.goTo("click/utils.py", project.lineOf("click/utils.py", "def get_binary_stream"), 6);
  await workbench.command("codekin: Find Similar Functions");
  const row = (hasText) => page.locator(".reference-zone-widget .ref-tree .monaco-list-row", { hasText }).first();
  await row("streams.ipynb").click();
  await row(NAME).click();
  const preview = page.locator(".reference-zone-widget .preview .view-lines");
  await until("the cell in the peek", async () => (await preview.innerText()).includes(NAME) || undefined);
  await workbench.press("Escape");
  await page.waitForSelector(".reference-zone-widget", { state: "detached" });
  fs.rmSync(file); // later steps are about the package alone
}

/** The list of the search, with the notebook's function chosen, once it is indexed. */
async function found(workbench) {
  await until("the notebook's function in the list", async () => {
    await workbench.command("codekin: Search Code");
    await workbench.type(`${NAME} kind:function`);
    const rows = await workbench.rows((all) => all[0].includes(" % ")).catch(() => [""]);
    if (/\bbinary_stream_of\b.*\bstreams\.ipynb\/cell-2:/.test(rows[0])) return true;
    await workbench.closeList();
    return undefined;
  });
}
