/**
 * Other ways to open folders: several at once, and one that is not trusted.
 *
 * In: a workbench, a code-server, folders. Out: nothing, or the first thing that is wrong.
 */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { serverPids } from "../servers.mjs";
import { until } from "../workbench.mjs";
import { isReady } from "./ready.mjs";

const SHOP = `"""A shop."""


def total_price(prices, discount):
    """Add up the prices and take the discount off."""
    return sum(prices) * (1 - discount)
`;

/** Two folders, one server; a search finds in both, and with \`in:\` in one. */
export async function opensSeveral({ workbench, server, project, profile, scratch }) {
  const shop = path.join(scratch, "shop");
  fs.mkdirSync(shop);
  fs.writeFileSync(path.join(shop, "orders.py"), SHOP);
  const several = path.join(scratch, "several.code-workspace");
  fs.writeFileSync(several, JSON.stringify({ folders: [{ path: project.folder }, { path: shop }] }));
  // now and then a window comes up without its folders; the next one has them
  await until("both folders", async () => {
    await workbench.open(server.address({ workspace: several }));
    return workbench.goTo("shop/orders.py", 1, 1, 20_000).then(
      () => true,
      () => undefined,
    );
  });
  await isReady(workbench);
  assert.equal(serverPids(profile).length, 1);
  const foldersOf = (rows) => new Set(rows.map((row) => /\b(shop|click)\/[\w/]+\.py:/.exec(row)?.[1]));
  await workbench.command("codekin: Search Code");
  await workbench.type("add up prices");
  await workbench.rows((rows) => ["click", "shop"].every((each) => foldersOf(rows).has(each)));
  await workbench.type(" in:shop");
  await workbench.rows((rows) => [...foldersOf(rows)].join() === "shop");
  await workbench.closeList();
}

/** What a folder's settings name as Python is started where the folder is trusted, and only there. */
export async function isCareful({ workbench, server, profile, scratch }) {
  const folder = path.join(scratch, "stranger");
  const started = path.join(folder, "started");
  const program = path.join(folder, "python");
  fs.mkdirSync(path.join(folder, ".vscode"), { recursive: true });
  fs.writeFileSync(program, `#!/bin/sh\ntouch '${started}'\nexit 1\n`, { mode: 0o755 });
  fs.writeFileSync(path.join(folder, "orders.py"), SHOP);
  const settings = { "codekin.interpreter": program, "python.defaultInterpreterPath": program };
  fs.writeFileSync(path.join(folder, ".vscode/settings.json"), JSON.stringify(settings));
  const address = () => server.address({ folder });

  await workbench.open(address());
  await until("the folder's program", () => (fs.existsSync(started) ? true : undefined));
  await workbench.command("Notifications: Clear All Notifications");
  fs.rmSync(started);

  await server.restart({ trusting: false });
  await workbench.open(address());
  await workbench.page.waitForSelector('[id="status.workspaceTrust"]');
  await workbench.goTo("orders.py", 1);
  await isReady(workbench);
  assert.equal(serverPids(profile).length, 1);
  assert.equal(fs.existsSync(started), false, "a program of a folder that is not trusted was started");
}
