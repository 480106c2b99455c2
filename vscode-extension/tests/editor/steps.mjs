/**
 * What a person does with the extension, one thing after the other, and what must come of it.
 *
 * In: a workbench, a project, the profile. Out: nothing, or the first thing that is wrong.
 */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { renamed } from "./project.mjs";
import { isAlive, serverPids } from "./servers.mjs";
import { until } from "./workbench.mjs";

const SETUP = 15 * 60_000;
const EXPLANATION = '[id="codekin.codekin.codekin.explanation"]';

/** Each step's name and what it does; later ones rely on earlier ones. */
export const STEPS = [
  ["the extension sets its own environment up and indexes", setsUp],
  ["the light bulb renames a function everywhere", lightBulbRenames],
  ["Suggest Names renames by choice from a list", listRenames],
  ["Search Code previews, goes back on Esc, and opens", searches],
  ["Find Similar Functions opens the peek", peeks],
  ["Explain This Name marks and clears", explains],
  ["the code map is searched and opens a function", maps],
  ["a changed setting holds at once", configures],
  ["a server that was killed comes back", recovers],
  ["Restart Server starts another one", restarts],
  ["a reloaded window needs no second set-up", reloads],
  ["nothing popped up that was not asked for", isQuiet],
];

async function setsUp({ workbench, project, profile }) {
  await workbench.goTo("click/utils.py", 1);
  const environments = path.join(profile, "data/User/globalStorage/codekin.codekin/environments");
  await until("an environment", () => stampIn(environments), SETUP);
  await isReady(workbench);
  assert.equal(project.text("click/utils.py").includes("make_default_short_help"), true);
}

/** The list of Show Status says when it is. */
async function isReady(workbench, timeout = SETUP) {
  await until(
    "the state 'ready'",
    async () => {
      await workbench.command("codekin: Show Status");
      const rows = await workbench.rows(([first]) => first.startsWith("codekin: ")).catch(() => []);
      const isDone =
        rows.some((row) => row.startsWith("codekin: ready")) &&
        rows.some((row) => /^Still to be embedded, 0/.test(row));
      if (isDone) await workbench.picture("status");
      await workbench.closeList();
      if (!isDone) await workbench.page.waitForTimeout(1500);
      return isDone || undefined;
    },
    timeout,
  );
}

function stampIn(environments) {
  const made = fs.existsSync(environments) ? fs.readdirSync(environments) : [];
  return made.find((each) => fs.existsSync(path.join(environments, each, "codekin.json")));
}

async function lightBulbRenames({ workbench, project }) {
  const before = project.texts();
  await workbench.goTo("click/utils.py", project.lineOf("click/utils.py", "def make_default_short_help"), 6);
  const titles = (await workbench.lightBulb()).filter((each) => each.startsWith("Rename to "));
  assert.ok(titles.length > 0, "the light bulb offers no names");
  await workbench.picture("names");
  const [, name] = /^Rename to '(\w+)'/.exec(titles[0]);
  await workbench.choose(titles[0]);
  await becomes(project, renamed(before, "make_default_short_help", name));
}

/** The files on disk, all of them, are exactly so; VS Code in a browser saves by itself. */
async function becomes(project, texts) {
  const isSo = () => Object.entries(project.texts()).every(([file, text]) => texts[file] === text);
  await until("the new texts", async () => isSo() || undefined, 30_000).catch(() =>
    assert.deepEqual(project.texts(), texts),
  );
}

async function listRenames({ workbench, project }) {
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

async function searches({ workbench, project }) {
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

  await workbench.command("codekin: Search Code");
  await workbench.type("ask the user a yes or no question kind:function");
  await toConfirm(workbench);
  await page.waitForSelector('.tab.active[data-resource-name="termui.py"]');
  await workbench.press("Enter");
  await workbench.listCloses();
  await page.waitForSelector('.tab.active[data-resource-name="termui.py"]');
  await workbench.cursorIs(project.lineOf("click/termui.py", "def confirm("));
}

/** Moves to click's `confirm` in the list. */
async function toConfirm(workbench) {
  const isWanted = (row) => /\bconfirm\b/.test(row);
  const rows = await workbench.rows((all) => all.some(isWanted));
  for (let moved = rows.findIndex(isWanted); moved > 0; moved -= 1) await workbench.press("ArrowDown");
}

async function peeks({ workbench, project }) {
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

async function explains({ workbench, project }) {
  const { page } = workbench;
  await workbench.goTo("click/_termui_impl.py", project.lineOf("click/_termui_impl.py", "def format_eta"), 10);
  const plain = await page.locator(".view-overlays .cdr").count();
  await workbench.command("codekin: Explain This Name");
  await page.waitForSelector(EXPLANATION);
  await until("marks", async () => (await page.locator(".view-overlays .cdr").count()) > plain + 3 || undefined);
  assert.match(await page.locator(".view-lines").first().innerText(), /weak/);
  await workbench.picture("explain");
  await workbench.press("Escape");
  await page.waitForSelector(EXPLANATION, { state: "detached" });
}

async function maps({ workbench }) {
  const { page } = workbench;
  await workbench.command("codekin: Show Code Map");
  const map = page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
  await map.locator("#count", { hasText: /^\d+ functions/ }).waitFor();
  await map.locator("#search").fill("progress bar");
  await map.locator("#count", { hasText: /^[1-9]\d* found/ }).waitFor();
  await map.locator("#at", { hasText: /\.py:\d+/ }).waitFor();
  await page.waitForTimeout(300);
  await workbench.picture("map");
  const at = await map.locator("#at").innerText();
  await map.locator("#search").press("Enter");
  const [, file] = /([\w.]+\.py):\d+$/.exec(at);
  await page.waitForSelector(`.tab.active[data-resource-name="${file}"]`);
  await workbench.command("View: Close All Editors");
}

async function configures({ workbench, project }) {
  const { page } = workbench;
  const line = project.lineOf("click/utils.py", "def safecall");
  await workbench.goTo("click/utils.py", line, 6);
  const offered = async () => {
    const titles = (await workbench.lightBulb()).filter((each) => each.startsWith("Rename to "));
    await workbench.press("Escape");
    return titles.length;
  };
  assert.ok((await offered()) > 1, "there are not several names to begin with");
  await workbench.command("Preferences: Open Settings (UI)");
  await page.waitForSelector(".settings-editor .settings-tree-container");
  await page.keyboard.type("codekin.names.limit");
  const box = page
    .locator(
      '.settings-editor .setting-item-number input, .settings-editor .setting-item-contents input[type="number"]',
    )
    .first();
  await box.waitFor();
  await box.fill("1");
  await workbench.press("Tab");
  await workbench.picture("settings");
  await workbench.goTo("click/utils.py", line, 6);
  await until("one name only", async () => ((await offered()) === 1 ? true : undefined));
}

async function recovers({ workbench, profile }) {
  const [pid] = await until("one server", () => one(serverPids(profile)));
  process.kill(pid, "SIGKILL");
  await until("another server", () => one(serverPids(profile).filter((each) => each !== pid)));
  await workbench.command("codekin: Search Code");
  await workbench.type("ask the user a yes or no question");
  await workbench.rows((all) => all.some((row) => /\bconfirm\b/.test(row)));
  await workbench.closeList();
}

async function restarts({ workbench, profile }) {
  const [pid] = await until("one server", () => one(serverPids(profile)));
  await workbench.command("codekin: Restart Server");
  await until("the end of the first server", () => !isAlive(pid) || undefined);
  await until("another server", () => one(serverPids(profile).filter((each) => each !== pid)));
  await isReady(workbench);
}

function one(pids) {
  return pids.length === 1 ? pids : undefined;
}

async function reloads({ workbench, address, profile }) {
  const environments = path.join(profile, "data/User/globalStorage/codekin.codekin/environments");
  const stamp = path.join(environments, stampIn(environments), "codekin.json");
  const made = fs.statSync(stamp).mtimeMs;
  await workbench.open(address);
  await workbench.goTo("click/utils.py", 1);
  await isReady(workbench);
  assert.equal(fs.statSync(stamp).mtimeMs, made);
}

async function isQuiet({ workbench }) {
  const shown = (await workbench.toasts()).filter((each) => each.includes("codekin"));
  assert.deepEqual(shown, []);
}
