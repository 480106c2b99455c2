/**
 * What is done with a whole workspace: results kept in the view, duplicates, the map, settings.
 *
 * In: a workbench, a project. Out: nothing, or the first thing that is wrong.
 */

import assert from "node:assert/strict";
import { until } from "../workbench.mjs";
import { hasDiff } from "./functions.mjs";

const QUERY = "ask the user a yes or no question";

export async function keepsResults({ workbench, project }) {
  const { page } = workbench;
  await workbench.goTo("click/utils.py", 1);
  await workbench.command("codekin: Search Code and Keep Results");
  await workbench.type(QUERY);
  await workbench.rows((rows) => rows.some((row) => /\bconfirm\b/.test(row)));
  await workbench.press("Enter");
  await workbench.listCloses();
  const rows = await workbench.treeRows((labels) => labels.length > 3);
  const [file, best] = rows;
  assert.match(file, /^termui\.py click · \d+$/);
  assert.match(best, /^confirm \d+ % · /);
  await isSelected(workbench, best);
  await workbench.command("codekin: Next Result");
  await page.waitForSelector('.tab.active[data-resource-name="termui.py"]');
  await workbench.cursorIs(project.lineOf("click/termui.py", "def confirm("));
  const [second] = rows.filter((row) => row.includes(" % · ")).slice(1);
  await workbench.command("codekin: Next Result");
  await isSelected(workbench, second);
  await workbench.command("codekin: Previous Result");
  await isSelected(workbench, best);
  await page.mouse.move(800, 300); // away from the list, which would say more of what is below
  await workbench.picture("results");
  await workbench.command("codekin: Copy Results as List");
  const copied = await until("the copied list", async () => {
    const text = await workbench.clipboard();
    return text.includes("click/termui.py:") ? text : undefined;
  });
  assert.match(copied, /^click\/termui\.py:\d+: confirm\n/);
}

async function isSelected(workbench, label) {
  const row = workbench.treeRow(label);
  await until(`'${label}' selected`, async () => (await row.getAttribute("aria-selected")) === "true" || undefined);
}

export async function listsDuplicates({ workbench }) {
  await workbench.command("codekin: Show Duplicates");
  const rows = await workbench.treeRows((labels) => /^\d+ × /.test(labels[0]));
  assert.match(rows[0], /^\d+ × \w+ \d+ % alike, \d+ lines · \d+$/);
  await isSelected(workbench, rows[1]);
  const leaf = workbench.treeRow(rows[1]).first();
  await leaf.hover();
  await leaf.locator('.action-label[aria-label="Compare Side by Side"]').click();
  await hasDiff(workbench, " ↔ ");
  await workbench.picture("duplicates");
  await workbench.command("View: Close All Editors");
  await workbench.command("codekin: Clear Results");
  await workbench.command("View: Close Primary Side Bar");
}

export async function maps({ workbench }) {
  const { page } = workbench;
  const map = await openMap(workbench);
  await map.locator("#search").fill("progress bar");
  await map.locator("#count", { hasText: /^[1-9]\d* found/ }).waitFor();
  await map.locator("#at", { hasText: /\.py:\d+/ }).waitFor();
  await page.waitForTimeout(300);
  await workbench.picture("map");
  await map.locator("#search").press("Enter");
  await opens(workbench, map);
  await workbench.command("View: Close All Editors");

  const canvas = (await openMap(workbench)).locator("#map");
  await canvas.focus();
  const first = await moved(map, canvas, "ArrowRight");
  const second = await moved(map, canvas, "ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp");
  assert.notEqual(second, first);
  await canvas.press("Enter");
  await opens(workbench, map);
  await workbench.command("View: Close All Editors");
}

async function openMap(workbench) {
  await workbench.command("codekin: Show Code Map");
  const map = workbench.page
    .frameLocator('iframe.webview.ready[src*="extensionId=codekin"]')
    .frameLocator("#active-frame");
  await map.locator("#count", { hasText: /^\d+ functions/ }).waitFor();
  return map;
}

/** What the map stands on after the first of the keys that leads anywhere. */
async function moved(map, canvas, ...keys) {
  const before = await map.locator("#at").innerText();
  for (const key of keys) {
    await canvas.press(key);
    const at = await map.locator("#at").innerText();
    if (at !== before) return at;
  }
  throw new Error(`no arrow leads away from '${before}'`);
}

/** What the map stands on is in the editor. */
async function opens(workbench, map) {
  const [, file, line] = /([\w.]+\.py):(\d+)$/.exec(await map.locator("#at").innerText());
  await workbench.page.waitForSelector(`.tab.active[data-resource-name="${file}"]`);
  await workbench.cursorIs(line);
}

/** As the list of themes has them, with the class of the page and a picture. */
const THEMES = [
  ["Light Modern", "vscode-light", "map-light"],
  ["Dark High Contrast", "vscode-high-contrast", "map-contrast"],
  ["Light High Contrast", "vscode-high-contrast-light", "map-contrast-light"],
  ["Dark Modern", "vscode-dark", "map-dark"],
];

/** Another theme, another background and another drawing, without the map being opened again. */
export async function paints({ workbench }) {
  const map = await openMap(workbench);
  const dark = await look(map);
  const seen = [];
  for (const [theme, kind, picture] of THEMES) {
    const before = seen.at(-1) ?? dark;
    await workbench.press("Control+k", "Control+t");
    await workbench.type(theme);
    await workbench.isChosen(theme);
    await workbench.press("Enter");
    await workbench.listCloses();
    await map.locator(`body.${kind}`).waitFor();
    const painted = await until(`the map in ${theme}`, async () => {
      const present = await look(map);
      return present.drawing === before.drawing ? undefined : present;
    });
    seen.push(painted);
    await workbench.page.waitForTimeout(500); // the rest of the window fades
    await workbench.picture(picture);
  }
  const [light, contrast, contrastLight, again] = seen;
  assert.equal(new Set([dark, light, contrast].map(({ background }) => background)).size, 3);
  assert.equal(contrastLight.background, light.background, "both are white");
  assert.deepEqual(again, dark);
  await workbench.command("View: Close All Editors");
}

function look(map) {
  return map.locator("#map").evaluate((canvas) => ({
    background: getComputedStyle(document.body).backgroundColor,
    drawing: canvas.toDataURL(),
  }));
}

export async function configures({ workbench, project }) {
  const { page } = workbench;
  // a function with several names that are well above names.minimumConfidence
  const line = project.lineOf("click/utils.py", "def get_text_stream");
  await workbench.goTo("click/utils.py", line, 10);
  const offered = async () => {
    const titles = (await workbench.lightBulb()).filter((each) => each.startsWith("Rename to "));
    await workbench.press("Escape");
    return titles.length;
  };
  assert.ok((await offered()) > 1, "there are not several names to begin with");
  await workbench.command("Preferences: Open Settings (UI)");
  await page.waitForSelector(".settings-editor .settings-tree-container");
  await page.keyboard.type("codekin.names.limit");
  await page.locator(".settings-count-widget", { hasText: "1 Setting Found" }).waitFor();
  const box = page
    .locator(
      '.settings-editor .setting-item-number input, .settings-editor .setting-item-contents input[type="number"]',
    )
    .first();
  await box.waitFor();
  await box.fill("1");
  await workbench.press("Tab");
  await workbench.picture("settings");
  await workbench.goTo("click/utils.py", line, 10);
  await until("one name only", async () => ((await offered()) === 1 ? true : undefined));
}
