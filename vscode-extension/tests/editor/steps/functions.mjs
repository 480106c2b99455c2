/**
 * What is done with one function: named, explained, compared, summarised; and found.
 *
 * In: a workbench, a project. Out: nothing, or the first thing that is wrong.
 */

import assert from "node:assert/strict";
import { renamed } from "../project.mjs";
import { until } from "../workbench.mjs";

const EXPLANATION = '[id="codekin.codekin.codekin.explanation"]';

export async function lightBulbRenames({ workbench, project }) {
  const before = project.texts();
  await workbench.goTo("click/globals.py", project.lineOf("click/globals.py", "def resolve_color_default"), 6);
  const titles = (await workbench.lightBulb()).filter((each) => each.startsWith("Rename to "));
  assert.ok(titles.length > 0, "the light bulb offers no names");
  await workbench.picture("names");
  const [, name] = /^Rename to '(\w+)'/.exec(titles[0]);
  await workbench.choose(titles[0]);
  await becomes(project, renamed(before, "resolve_color_default", name));
}

export async function listRenames({ workbench, project }) {
  const before = project.texts();
  await workbench.goTo("click/utils.py", project.lineOf("click/utils.py", "def _posixify"), 6);
  await workbench.command("codekin: Suggest Names for Function");
  const rows = await workbench.rows(([first]) => first.includes(" %"));
  await workbench.picture("names-list");
  const [, name] = /^(\w+)/.exec(rows[0]);
  await workbench.press("Enter");
  await workbench.listCloses();
  await becomes(project, renamed(before, "_posixify", name));
}

export async function searches({ workbench, project }) {
  const line = project.lineOf("click/globals.py", "def push_context");
  await workbench.goTo("click/globals.py", line, 5);
  await workbench.command("codekin: Search Code");
  await workbench.type("ask the user a yes or no question");
  await toConfirm(workbench);
  const { page } = workbench;
  await page.waitForSelector('.tab.active[data-resource-name="termui.py"]');
  await page.waitForTimeout(500); // the picture shall show the marks, which come a frame later
  await workbench.picture("search");
  await workbench.closeList();
  await page.waitForSelector('.tab.active[data-resource-name="globals.py"]');
  await workbench.cursorIs(line);
  assert.equal(await page.locator('.tab[data-resource-name="termui.py"]').count(), 0, "the preview's tab stays");
  await workbench.press("ArrowDown");
  await workbench.cursorIs(line + 1);

  await workbench.command("codekin: Search Code");
  await workbench.type("ask the user a yes or no question kind:function");
  await toConfirm(workbench);
  await page.waitForSelector('.tab.active[data-resource-name="termui.py"]');
  await workbench.press("Enter");
  await workbench.listCloses();
  await page.waitForSelector('.tab.active[data-resource-name="termui.py"]');
  await workbench.cursorIs(project.lineOf("click/termui.py", "def confirm("));
}

export async function peeks({ workbench, project }) {
  const line = project.lineOf("click/utils.py", "def get_binary_stream");
  await workbench.goTo("click/utils.py", line, 6);
  await workbench.command("codekin: Find Similar Functions");
  const { page } = workbench;
  await page.waitForSelector(".reference-zone-widget .ref-tree .monaco-list-row");
  await page.waitForTimeout(500); // the preview beside the list is drawn later
  const files = await page.locator(".reference-zone-widget .ref-tree .monaco-list-row").allInnerTexts();
  assert.ok(files.length > 1, `the peek has ${JSON.stringify(files)}`);
  await workbench.picture("similar");
  await workbench.press("Escape");
  await page.waitForSelector(".reference-zone-widget", { state: "detached" });
}

export async function compares({ workbench, project }) {
  const line = project.lineOf("click/utils.py", "def get_binary_stream");
  await workbench.goTo("click/utils.py", line, 6);
  await workbench.command("codekin: Compare with a Similar Function");
  const rows = await workbench.rows(([first]) => first.includes(" %"));
  const [, name] = /^symbol-\w+ +([\w.]+)/.exec(rows[0]);
  await workbench.press("Enter");
  await workbench.listCloses();
  await hasDiff(workbench, `get_binary_stream ↔ ${name}`, ["original", "modified"]);
  await workbench.picture("compare");
  await workbench.command("View: Close All Editors");
}

/** A comparison is drawn; where there is too little room for two columns, in one. */
export async function hasDiff(workbench, title, sides = ["modified"]) {
  const { page } = workbench;
  await page.waitForSelector(`.tab.active[aria-label*="${title}"]`);
  for (const side of sides) {
    await page.locator(`.monaco-diff-editor .${side} .view-line`, { hasText: /def\s/ }).first().waitFor();
  }
}

export async function explains({ workbench, project }) {
  const { page } = workbench;
  const line = project.lineOf("click/_termui_impl.py", "def format_eta");
  await workbench.goTo("click/_termui_impl.py", line, 10);
  const plain = await page.locator(".view-overlays .cdr").count();
  await workbench.command("codekin: Explain This Name");
  await page.waitForSelector(EXPLANATION);
  await until("marks", async () => (await page.locator(".view-overlays .cdr").count()) > plain + 3 || undefined);
  const legend = await page
    .locator(".view-lines")
    .first()
    .evaluate((lines) =>
      [...lines.querySelectorAll("span")].flatMap((each) =>
        ["::before", "::after"].map((which) => getComputedStyle(each, which).content),
      ),
    );
  assert.ok(
    legend.some((each) => /weak\s+strong/.test(each)),
    "there is no bar from weak to strong",
  );
  assert.ok(
    legend.some((each) => each.includes("% (Esc clears)")),
    "there are no names",
  );
  await workbench.picture("explain");
  await workbench.goTo("click/globals.py", 1);
  await page.waitForSelector(EXPLANATION, { state: "detached" });
  await workbench.goTo("click/_termui_impl.py", line, 10);
  await page.waitForSelector(EXPLANATION);
  await until("marks again", async () => (await page.locator(".view-overlays .cdr").count()) > plain + 3 || undefined);
  await workbench.press("Escape");
  await page.waitForSelector(EXPLANATION, { state: "detached" });
}

/** One line about the function, under its name. */
export async function summarises({ workbench, project }) {
  const line = project.lineOf("click/_termui_impl.py", "def format_eta");
  await workbench.goTo("click/_termui_impl.py", line, 10);
  await workbench.command("codekin: Summarise Function");
  const toast = workbench.page.locator(".notification-toast").first();
  await toast.locator(".codicon-info").waitFor();
  assert.match(await toast.locator(".notification-list-item-message").innerText(), /format_eta: \w+ \w+/);
  await workbench.page.waitForTimeout(500); // it glides in
  await workbench.picture("summary");
  await workbench.command("Notifications: Clear All Notifications");
  await toast.waitFor({ state: "detached" });
}

/** The files on disk, all of them, are exactly so; VS Code in a browser saves by itself. */
async function becomes(project, texts) {
  const isSo = () => Object.entries(project.texts()).every(([file, text]) => texts[file] === text);
  await until("the new texts", async () => isSo() || undefined, 30_000).catch(() =>
    assert.deepEqual(project.texts(), texts),
  );
}

/** Moves to click's `confirm` in the list. */
async function toConfirm(workbench) {
  const isWanted = (row) => /\bconfirm\b/.test(row);
  const rows = await workbench.rows((all) => all.some(isWanted));
  for (let moved = rows.findIndex(isWanted); moved > 0; moved -= 1) await workbench.press("ArrowDown");
}
