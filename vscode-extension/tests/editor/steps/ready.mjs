/**
 * When the extension is ready, and what it keeps on the disk.
 *
 * In: a workbench, a profile. Out: nothing, or what is there. Must not know what is done with it.
 */

import fs from "node:fs";
import path from "node:path";
import { until } from "../workbench.mjs";

export const SETUP = 15 * 60_000;

/** Where the private environments of a profile lie. */
export function environmentsOf(profile) {
  return path.join(profile, "data/User/globalStorage/codekin.codekin/environments");
}

/** The folder of an environment whose making was finished. */
export function finishedIn(environments) {
  const made = fs.existsSync(environments) ? fs.readdirSync(environments) : [];
  return made.find((each) => fs.existsSync(path.join(environments, each, "codekin.json")));
}

/** The list of Show Status, once its first line is this. */
export async function hasState(workbench, state, isDone = () => true, timeout = SETUP) {
  await until(
    `the state '${state}'`,
    async () => {
      await workbench.command("codekin: Show Status");
      const rows = await workbench.rows(([first]) => first.startsWith("codekin: ")).catch(() => []);
      const isSo = rows.some((row) => row.startsWith(`codekin: ${state}`)) && isDone(rows);
      if (isSo) await workbench.picture(`status-${state}`);
      await workbench.closeList();
      if (!isSo) await workbench.page.waitForTimeout(1500);
      return isSo || undefined;
    },
    timeout,
  );
}

export function isReady(workbench) {
  return hasState(workbench, "ready", (rows) => rows.some((row) => /^Still to be embedded, 0/.test(row)));
}
