// Collects the strings of `l10n.t("…")` into l10n/bundle.l10n.json; with --check it only says whether they are there.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const root = new URL("../", import.meta.url);
const bundle = new URL("l10n/bundle.l10n.json", root);
const call = /l10n\.t\(\s*"((?:[^"\\]|\\.)*)"/g;
const strings = new Set();
for (const name of readdirSync(new URL("src/", root), { recursive: true })) {
  if (!name.endsWith(".ts")) continue;
  const source = readFileSync(new URL(`src/${name}`, root), "utf8");
  const calls = source.split("l10n.t(").length - 1;
  const found = [...source.matchAll(call)].map(([, text]) => JSON.parse(`"${text}"`));
  if (found.length !== calls) throw new Error(`src/${name}: a string of l10n.t( is not a plain one`);
  for (const text of found) strings.add(text);
}
const sorted = Object.fromEntries([...strings].sort().map((text) => [text, text]));
const wanted = `${JSON.stringify(sorted, null, 2)}\n`;
if (!process.argv.includes("--check")) {
  writeFileSync(bundle, wanted);
} else if (readFileSync(bundle, "utf8") !== wanted) {
  console.error("l10n/bundle.l10n.json is not in step with the sources: npm run strings");
  process.exitCode = 1;
}
