/**
 * The tests of host/, inside the real extension host, on the profile that ui.mjs has set up.
 *
 * node host.mjs CODE_SERVER EXTENSION WORK CACHE
 */

import fs from "node:fs";
import path from "node:path";
import { CodeServer } from "./codeServer.mjs";
import { Project } from "./project.mjs";

const TIMEOUT = 8 * 60_000;
const [installed, extension, work, cache] = process.argv.slice(2);
const report = path.join(work, "host.json");
const folder = path.join(work, "host-project");
for (const each of [report, folder]) fs.rmSync(each, { recursive: true, force: true });
new Project(cache, folder);
process.env["CODEKIN_HOST_REPORT"] = report;
process.env["CODEKIN_HOST_PROJECT"] = folder;

const server = new CodeServer(installed, path.join(work, "profile"));
let code;
try {
  await server.start();
  const page = await server.browse({ width: 1200, height: 700 });
  const exit = new Promise((resolve) => {
    setTimeout(() => resolve("no answer in time"), TIMEOUT).unref();
    void page.exposeFunction("codeAutomationExit", resolve);
  });
  await page.exposeFunction("codeAutomationLog", (type, args) => type === "error" && console.error(...args));
  // A built VS Code heeds the payload only where this is set; it stands in the page's settings.
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      const element = document.getElementById("vscode-workbench-web-configuration");
      if (!element) return;
      observer.disconnect();
      const settings = JSON.parse(element.getAttribute("data-settings"));
      settings.developmentOptions = { ...settings.developmentOptions, enableSmokeTestDriver: true };
      element.setAttribute("data-settings", JSON.stringify(settings));
    }).observe(document, { childList: true, subtree: true });
  });
  const remote = `vscode-remote://127.0.0.1:${server.port}`;
  const payload = [
    ["extensionDevelopmentPath", remote + extension],
    ["extensionTestsPath", `${remote}${extension}/tests/editor/host/index.cjs`],
    ["skipWelcome", "true"],
  ];
  await page.goto(server.address({ folder, payload }));
  code = await exit;
  await page.screenshot({ path: path.join(work, "pictures/host.png") });
} finally {
  await server.stop();
}
const ended = fs.existsSync(report) ? fs.readFileSync(report, "utf8").trim().split("\n") : [];
for (const { title, duration, problem } of ended.map((line) => JSON.parse(line))) {
  console.log(problem ? `FAILED  ${title}\n${problem}` : `    ok  ${title} (${duration} ms)`);
}
if (code !== 0 || ended.length === 0) {
  console.error(`The extension host ended with ${code}; ${work}/pictures/host.png shows it.`);
  process.exitCode = 1;
}
