/**
 * The life of the server: killed, restarted, paused, kept and replaced.
 *
 * In: a workbench, a profile. Out: nothing, or the first thing that is wrong.
 */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { isAlive, serverPids } from "../servers.mjs";
import { until } from "../workbench.mjs";
import { environmentsOf, finishedIn, hasState, isReady, SETUP } from "./ready.mjs";

export async function setsUp({ workbench, profile }) {
  await workbench.goTo("click/utils.py", 1);
  await until("an environment", () => finishedIn(environmentsOf(profile)), SETUP);
  await isReady(workbench);
}

export async function recovers({ workbench, profile }) {
  const [pid] = await until("one server", () => one(serverPids(profile)));
  process.kill(pid, "SIGKILL");
  await until("another server", () => one(serverPids(profile).filter((each) => each !== pid)));
  await workbench.command("codekin: Search Code");
  await workbench.type("ask the user a yes or no question");
  await workbench.rows((all) => all.some((row) => /\bconfirm\b/.test(row)));
  await workbench.page.waitForSelector('.tab.active[data-resource-name="termui.py"]');
  await workbench.closeList();
  await workbench.page.waitForSelector('.tab[data-resource-name="termui.py"]', { state: "detached" });
}

export async function restarts({ workbench, profile }) {
  const [pid] = await until("one server", () => one(serverPids(profile)));
  await workbench.command("codekin: Restart Server");
  await until("the end of the first server", () => !isAlive(pid) || undefined);
  await until("another server", () => one(serverPids(profile).filter((each) => each !== pid)));
  await isReady(workbench);
}

export async function pauses({ workbench }) {
  const { page } = workbench;
  await workbench.command("codekin: Pause Indexing");
  await hasState(workbench, "paused");
  await page.locator('[id="status.languageStatus"]').click();
  await page.locator(".hover-language-status", { hasText: "codekin: paused" }).first().waitFor();
  await workbench.picture("status-item");
  await workbench.press("Escape");
  await workbench.command("codekin: Resume Indexing");
  await isReady(workbench);
}

export async function reloads({ workbench, address, profile }) {
  const environments = environmentsOf(profile);
  const stamp = path.join(environments, finishedIn(environments), "codekin.json");
  const made = fs.statSync(stamp).mtimeMs;
  await workbench.open(address);
  await workbench.goTo("click/utils.py", 1);
  await isReady(workbench);
  assert.equal(fs.statSync(stamp).mtimeMs, made);
}

/** After an upgrade whose set-up was cut short: an environment of another version, and a half-made one of this. */
export async function upgrades({ workbench, address, profile }) {
  const environments = environmentsOf(profile);
  const present = finishedIn(environments);
  const old = path.join(environments, "python3.11-000000000000");
  fs.renameSync(path.join(environments, present), old);
  fs.rmSync(path.join(old, "users"), { recursive: true });
  const stamp = path.join(old, "codekin.json");
  fs.writeFileSync(stamp, JSON.stringify({ ...JSON.parse(fs.readFileSync(stamp, "utf8")), wheel: "of before" }));
  const half = path.join(environments, present, "bin");
  fs.mkdirSync(half, { recursive: true });
  fs.writeFileSync(path.join(half, "python"), "half a program");
  await workbench.open(address);
  await workbench.goTo("click/utils.py", 1);
  await until("the new environment", () => (finishedIn(environments) === present ? true : undefined), SETUP);
  await isReady(workbench);
  await until("the end of the old one", () => (fs.existsSync(old) ? undefined : true));
}

function one(pids) {
  return pids.length === 1 ? pids : undefined;
}
