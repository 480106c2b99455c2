/**
 * A real project to work on: a copy of a package from PyPI, in a repository of its own.
 *
 * In: a cache folder, where to put it. Out: its files, and what they should be after a renaming.
 */

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const PACKAGE = "click";
const VERSION = "8.1.8";

export class Project {
  constructor(cache, folder) {
    this.folder = folder;
    const downloaded = path.join(cache, `${PACKAGE}-${VERSION}`);
    if (!fs.existsSync(path.join(downloaded, PACKAGE))) {
      const wanted = ["install", "--quiet", "--no-deps", "--target", downloaded, `${PACKAGE}==${VERSION}`];
      execFileSync("python3", ["-m", "pip", ...wanted], { stdio: "inherit" });
    }
    fs.cpSync(path.join(downloaded, PACKAGE), path.join(folder, PACKAGE), {
      recursive: true,
      filter: (each) => !each.includes("__pycache__"),
    });
    fs.writeFileSync(path.join(folder, "pyproject.toml"), `[project]\nname = "${PACKAGE}"\nversion = "${VERSION}"\n`);
    this.git("init", "--quiet");
    this.commit();
  }

  git(...args) {
    const identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
    execFileSync("git", [...identity, ...args], { cwd: this.folder, stdio: "ignore" });
  }

  commit() {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", "as it is");
  }

  /** Texts of all Python files by their path. */
  texts() {
    const names = fs.readdirSync(path.join(this.folder, PACKAGE)).filter((each) => each.endsWith(".py"));
    return Object.fromEntries(names.sort().map((each) => [`${PACKAGE}/${each}`, this.text(`${PACKAGE}/${each}`)]));
  }

  text(file) {
    return fs.readFileSync(path.join(this.folder, file), "utf8");
  }

  /** The line, from 1, on which a text begins. */
  lineOf(file, text) {
    const index = this.text(file)
      .split("\n")
      .findIndex((line) => line.includes(text));
    if (index < 0) throw new Error(`${file} has no ${text}`);
    return index + 1;
  }
}

/** Texts after every occurrence of a name as a word has become another. */
export function renamed(texts, name, newName) {
  const word = new RegExp(`\\b${name}\\b`, "g");
  return Object.fromEntries(Object.entries(texts).map(([file, text]) => [file, text.replace(word, newName)]));
}
