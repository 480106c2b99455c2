/**
 * The extension as its users get it: the .vsix in an empty profile of the real VS Code, used with keys and mouse.
 *
 * node ui.mjs CODE_SERVER VSIX WORK CACHE: a folder for all that is made, pictures in WORK/pictures.
 * While one works on the steps, KEEP_PROFILE=1 leaves the profile of the last run, and with it the set-up, and KEEP_GOING=1
 * goes on after a step that failed.
 */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { CodeServer } from "./codeServer.mjs";
import { Project } from "./project.mjs";
import { STEPS } from "./steps.mjs";
import { Workbench } from "./workbench.mjs";

const [installed, vsix, work, cache] = process.argv.slice(2);
const profile = path.join(work, "profile");
const pictures = path.join(work, "pictures");
for (const each of [pictures, ...(process.env["KEEP_PROFILE"] ? [] : [profile])]) {
  fs.rmSync(each, { recursive: true, force: true });
}
fs.mkdirSync(pictures, { recursive: true });

const began = Date.now();
const tell = (text) => console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}`);
const scratch = path.join(os.tmpdir(), "codekin"); // pictures show it
fs.rmSync(scratch, { recursive: true, force: true });
const project = new Project(cache, path.join(scratch, "click"));
const server = new CodeServer(installed, profile);
let workbench;
let present = "VS Code opens the project";
try {
  server.install(vsix);
  await server.start();
  const page = await server.browse({ width: 1200, height: 700 });
  workbench = new Workbench(page, pictures);
  const address = server.address({ folder: project.folder });
  await workbench.open(address);
  tell(present);
  for (const [name, step] of STEPS) {
    present = name;
    try {
      await step({ workbench, server, project, profile, address, scratch });
      tell(name);
    } catch (problem) {
      if (!process.env["KEEP_GOING"]) throw problem;
      await failed(problem);
      await workbench.press("Escape", "Escape");
    }
  }
} catch (problem) {
  await failed(problem);
} finally {
  await server.stop();
  fs.rmSync(scratch, { recursive: true });
}

async function failed(problem) {
  tell(`FAILED: ${present}`);
  console.error(problem);
  await workbench?.picture(`failed-${present.replaceAll(/\W+/g, "-")}`);
  process.exitCode = 1;
}
