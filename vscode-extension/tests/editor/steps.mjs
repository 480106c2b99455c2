/**
 * What a person does with the extension, one thing after the other, and what must come of it.
 *
 * In: a workbench, a code-server and its profile, a project. Out: nothing, or the first thing that is wrong.
 */

import assert from "node:assert/strict";
import { isCareful, opensSeveral } from "./steps/folders.mjs";
import { compares, explains, lightBulbRenames, listRenames, peeks, searches, summarises } from "./steps/functions.mjs";
import { findsInNotebooks } from "./steps/notebooks.mjs";
import { pauses, recovers, reloads, restarts, setsUp, upgrades } from "./steps/server.mjs";
import { configures, keepsResults, listsDuplicates, maps, paints } from "./steps/workspace.mjs";

/** Each step's name and what it does; later ones rely on earlier ones. */
export const STEPS = [
  ["the extension sets its own environment up and indexes", setsUp],
  ["the light bulb renames a function everywhere", lightBulbRenames],
  ["Suggest Names renames by choice from a list", listRenames],
  ["Search Code previews, goes back on Esc, and opens", searches],
  ["what is found in a closed notebook is shown in its cell", findsInNotebooks],
  ["Find Similar Functions opens the peek", peeks],
  ["Compare with a Similar Function opens the diff editor", compares],
  ["Explain This Name marks, keeps the marks behind another tab, and clears", explains],
  ["Summarise Function says something", summarises],
  ["results are kept in a view, gone through and copied", keepsResults],
  ["Show Duplicates lists and compares", listsDuplicates],
  ["the code map is searched, goes by keys, and opens a function", maps],
  ["the code map is seen in every kind of theme", paints],
  ["a changed setting holds at once", configures],
  ["Pause Indexing is seen in the status item, and ends", pauses],
  ["a server that was killed comes back", recovers],
  ["Restart Server starts another one", restarts],
  ["a reloaded window needs no second set-up", reloads],
  ["nothing popped up that was not asked for", isQuiet],
  ["two folders have one server", opensSeveral],
  ["an environment of another version, and a half-made one, are replaced", upgrades],
  ["a folder that is not trusted names no program to start", isCareful],
];

async function isQuiet({ workbench }) {
  const shown = (await workbench.toasts()).filter((each) => each.includes("codekin"));
  assert.deepEqual(shown, []);
}
