/**
 * VS Code's window, as a person uses it: keys, menus, lists.
 *
 * In: a page. Out: what stands there. Every wait is for something that is seen. Must not know of codekin.
 */

import path from "node:path";

const LONG = 60_000;
// Hidden, the list keeps what it showed last.
const LIST = '.quick-input-widget:not([style*="display: none"])';
const INPUT = `${LIST} .quick-input-filter input`;
const ROWS = `${LIST} .quick-input-list .monaco-list-row`;
const TREE = ".sidebar .pane-body .customview-tree";

export class Workbench {
  constructor(page, pictures) {
    this.page = page;
    this.pictures = pictures;
    page.setDefaultTimeout(LONG);
  }

  /** Opens a folder, and leaves the whole width to the editor. */
  async open(address) {
    await this.page.goto(address, { timeout: 2 * LONG });
    await this.page.waitForSelector(".activitybar .action-item", { timeout: 2 * LONG });
    // VS Code remembers it of a folder that was open before
    if (await this.page.locator(".sidebar").isVisible()) await this.command("View: Close Primary Side Bar");
    await this.page.waitForSelector(".sidebar", { state: "hidden" });
  }

  picture(name, clip) {
    return this.page.screenshot({ path: path.join(this.pictures, `${name}.png`), ...(clip ? { clip } : {}) });
  }

  press(...keys) {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }

  /** Opens a file by its path and puts the cursor there; `column` counts from 1. */
  async goTo(file, line, column = 1, timeout = 3 * LONG) {
    // a list opened before its window knew its folders does not look again: another one does
    await until(
      file,
      async () => {
        await this.press("Control+p");
        await this.page.waitForSelector(INPUT);
        await this.page.fill(INPUT, `${file}:${line}:${column}`);
        if (
          await this.isChosen(path.basename(file), 5_000).then(
            () => true,
            () => false,
          )
        )
          return true;
        await this.press("Escape");
        return undefined;
      },
      timeout,
    );
    await this.press("Enter");
    await this.page.waitForSelector(`.tab.active[data-resource-name="${path.basename(file)}"]`);
    await this.cursorIs(line);
  }

  async cursorIs(line) {
    await this.page.waitForFunction(
      (wanted) => document.querySelector("#status\\.editor\\.selection")?.textContent?.startsWith(wanted),
      `Ln ${line},`,
    );
  }

  async command(title) {
    await this.press("F1");
    await this.page.waitForSelector(INPUT);
    await this.page.fill(INPUT, `>${title}`);
    await this.isChosen(title);
    await this.press("Enter");
    // gone, or another list's by now
    await this.page.waitForFunction(
      ([input, typed]) => document.querySelector(input)?.value !== typed,
      [INPUT, `>${title}`],
    );
  }

  /** Until Enter would take this row; rows stand in the document in any order. */
  async isChosen(text, timeout = LONG) {
    await this.page.waitForFunction(
      ([rows, wanted]) => document.querySelector(`${rows}.focused`)?.getAttribute("aria-label")?.startsWith(wanted),
      [ROWS, text],
      { timeout },
    );
  }

  /** The rows of the list that is open, once there are any that fit. */
  rows(fits) {
    return this.labels(ROWS, fits);
  }

  /** The same of the view in the side bar, from the top. */
  treeRows(fits) {
    return this.labels(`${TREE} .monaco-list-row`, fits);
  }

  async labels(of, fits = () => true, timeout = LONG) {
    const end = Date.now() + timeout;
    for (;;) {
      const texts = await this.page
        .locator(of)
        .evaluateAll((rows) =>
          rows
            .sort((one, other) => one.dataset.index - other.dataset.index)
            .map((row) => row.getAttribute("aria-label") ?? ""),
        );
      if (texts.length > 0 && fits(texts)) return texts;
      if (Date.now() > end) throw new Error(`the list has ${JSON.stringify(texts)}`);
      await this.page.waitForTimeout(100);
    }
  }

  treeRow(label) {
    return this.page.locator(`${TREE} .monaco-list-row[aria-label^="${label}"]`);
  }

  async type(text) {
    await this.page.waitForSelector(INPUT);
    await this.page.locator(INPUT).pressSequentially(text, { delay: 30 });
  }

  async closeList() {
    await this.press("Escape");
    await this.listCloses();
  }

  async listCloses() {
    await this.page.waitForFunction((input) => !document.querySelector(input), INPUT);
  }

  /** The titles in the light bulb's menu, which stays open; a bulb that stands on its own line is in the margin. */
  async lightBulb() {
    await this.page.locator('.lightBulbWidget, [class*="gutter-lightbulb"]').first().waitFor();
    await this.press("Control+.");
    await this.page.waitForSelector(".action-widget .monaco-list-row.action", { timeout: LONG });
    return this.page.locator(".action-widget .monaco-list-row.action").allInnerTexts();
  }

  async choose(title) {
    // a layer above the menu defeats the check that it can be clicked
    await this.page
      .locator(".action-widget .monaco-list-row.action", { hasText: title })
      .first()
      .click({ force: true });
  }

  /** The name of the file in the active tab. */
  activeFile() {
    return this.page.locator(".tab.active").first().getAttribute("data-resource-name");
  }

  clipboard() {
    return this.page.evaluate("navigator.clipboard.readText()");
  }

  toasts() {
    return this.page.locator(".notification-toast").allInnerTexts();
  }
}

/** Once `look` gives something that is not undefined. */
export async function until(what, look, timeout = 3 * LONG) {
  const end = Date.now() + timeout;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
