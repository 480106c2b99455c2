/**
 * VS Code in a browser: code-server on a profile, and Chromium in front of it.
 *
 * In: where code-server is installed, a profile's folder. Out: a page. Must not know what is tested.
 */

import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import { chromium } from "playwright-core";

const SETTINGS = {
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  "telemetry.telemetryLevel": "off",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "chat.disableAIFeatures": true,
  "chat.commandCenter.enabled": false,
  "files.simpleDialog.enable": true,
  "editor.accessibilitySupport": "off",
  "editor.minimap.enabled": false,
  "editor.stickyScroll.enabled": false,
  "git.blame.statusBarItem.enabled": false,
  "workbench.colorTheme": "Default Dark Modern",
};

const BROWSER_OPTIONS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export class CodeServer {
  /** `installed` is what setup.sh printed, `profile` an empty folder for all that this VS Code keeps. */
  constructor(installed, profile) {
    this.entry = path.join(installed, "node_modules/code-server/out/node/entry.js");
    this.profile = profile;
    this.arguments = [
      "--user-data-dir",
      path.join(profile, "data"),
      "--extensions-dir",
      path.join(profile, "extensions"),
    ];
    this.environment = {
      ...process.env,
      EXTENSIONS_GALLERY: '{"serviceUrl":""}',
      CODEKIN_CACHE_DIR: path.join(profile, "cache"),
    };
    this.settingsFile = path.join(profile, "data/User/settings.json");
    fs.mkdirSync(path.dirname(this.settingsFile), { recursive: true });
    fs.writeFileSync(this.settingsFile, JSON.stringify(SETTINGS, undefined, 2));
  }

  install(vsix) {
    const done = spawnSync(process.execPath, [this.entry, ...this.arguments, "--install-extension", vsix], {
      env: this.environment,
      encoding: "utf8",
    });
    if (!/successfully installed/.test(done.stdout))
      throw new Error(`${vsix} was not installed: ${done.stdout}${done.stderr}`);
  }

  /** `trusting`: whatever folder is opened counts as trusted. */
  async start({ trusting = true } = {}) {
    this.port ??= await freePort();
    const log = fs.openSync(path.join(this.profile, "code-server.log"), "a");
    const more = [
      "--bind-addr",
      `127.0.0.1:${this.port}`,
      "--auth",
      "none",
      "--disable-telemetry",
      "--disable-update-check",
    ];
    const quiet = ["--disable-getting-started-override", ...(trusting ? ["--disable-workspace-trust"] : [])];
    this.process = spawn(process.execPath, [this.entry, ...more, ...quiet, ...this.arguments], {
      stdio: ["ignore", log, log],
      env: this.environment,
    });
    while (!(await this.answers())) await new Promise((resolve) => setTimeout(resolve, 200));
  }

  answers() {
    if (this.process.exitCode !== null) throw new Error(`code-server ended; see ${this.profile}/code-server.log`);
    return new Promise((resolve) => {
      http
        .get(`http://127.0.0.1:${this.port}/healthz`, (answer) => {
          answer.resume();
          resolve(true);
        })
        .on("error", () => resolve(false));
    });
  }

  /** The address of a `folder` or a `workspace`; `payload` is what VS Code's own tests put there. */
  address({ payload, ...opened }) {
    const query = new URLSearchParams({ ...opened, ...(payload ? { payload: JSON.stringify(payload) } : {}) });
    return `http://127.0.0.1:${this.port}/?${query.toString()}`;
  }

  /** A new page of a new browser. */
  async browse(viewport) {
    this.browser = await chromium.launch({ executablePath: chromiumPath(), args: BROWSER_OPTIONS });
    const context = await this.browser.newContext({ viewport, permissions: ["clipboard-read", "clipboard-write"] });
    return context.newPage();
  }

  /** Another process at the same address; what is open in the browser is to be opened again. */
  async restart(options) {
    await this.end();
    await this.start(options);
  }

  async stop() {
    await this.browser?.close();
    await this.end();
  }

  async end() {
    if (!this.process || this.process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGTERM");
    await ended;
  }
}

function chromiumPath() {
  const found = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((each) =>
    fs.existsSync(each),
  );
  if (!found) throw new Error("Chromium is not installed; tests/editor/setup.sh does that");
  return found;
}

function freePort() {
  return new Promise((resolve) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
