import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import manifest from "../package.json";
import strings from "../package.nls.json";

const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
const source = readFileSync(new URL("../src/extension.ts", import.meta.url), "utf8");

test("every localised string of the manifest exists, and none is unused", () => {
  const used = new Set([...text.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key));
  expect([...used].sort()).toEqual(Object.keys(strings).sort());
});

test("every command is registered, and every menu and key names a command", () => {
  const { commands, menus, keybindings } = manifest.contributes;
  const known = commands.map(({ command }) => command);
  for (const command of known) {
    const name = command.slice("codekin.".length);
    expect(source).toMatch(new RegExp(`(?:^|\\W)"?${name.replace(".", "\\.")}"?: `));
  }
  const named = [...Object.values(menus).flat(), ...keybindings].flatMap((each) =>
    "command" in each ? [each.command] : [],
  );
  for (const command of named) expect(known).toContain(command);
});

test("what concerns a function or the workspace has a key of its own and stands in the context menu", () => {
  const wanted = ["searchCode", "findSimilar", "suggestNamesForFunction", "explainName", "showDuplicates"];
  wanted.push("summariseFunction", "showMap", "reindexWorkspace", "restartServer", "showLog", "showStatus");
  const { menus, keybindings } = manifest.contributes;
  const shown = menus["codekin.menu"].map(({ command }) => command);
  const chords = keybindings.filter(({ key }) => key.startsWith("ctrl+alt+k ")).map(({ command }) => command);
  for (const name of wanted) {
    expect(shown).toContain(`codekin.${name}`);
    expect(chords).toContain(`codekin.${name}`);
  }
  const keys = keybindings.map(({ key }) => key).filter((key) => key !== "escape");
  expect(new Set(keys).size).toBe(keys.length);
});

test("text on the marks of an explanation can be read in high contrast, and each mark seen", () => {
  const themes = [
    ["highContrast", 0, 255],
    ["highContrastLight", 255, 41],
  ] as const;
  const strengths = manifest.contributes.colors.filter(({ id }) => /strength\d/.test(id));
  for (const [theme, background, text] of themes) {
    const shades = strengths.map(({ defaults }) => blended(defaults[theme], background));
    const all = [background, ...shades].map((each) => luminance(typeof each === "number" ? [each, each, each] : each));
    for (const shade of all) expect(contrast(shade, luminance([text, text, text]))).toBeGreaterThan(7);
    all.slice(1).forEach((shade, index) => {
      expect(Math.abs(shade - (all[index] ?? 0))).toBeGreaterThan(0.005);
    });
  }
});

function blended(color: string, background: number): number[] {
  const [red = 0, green = 0, blue = 0, alpha = 255] = [1, 3, 5, 7].map((at) => parseInt(color.slice(at, at + 2), 16));
  return [red, green, blue].map((each) => background + ((each - background) * alpha) / 255);
}

/** As WCAG has it. */
function luminance(color: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = color.map((each) => {
    const share = each / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

test("no command has the name of a server's command, which the client registers itself", () => {
  const own = new Set(manifest.contributes.commands.map(({ command }) => command));
  const protocol = readFileSync(new URL("../src/protocol.ts", import.meta.url), "utf8");
  const servers = [...protocol.matchAll(/"(codekin\.\w+)": \[/g)].map(([, name]) => name);
  expect(servers.length).toBeGreaterThan(5);
  for (const name of servers) expect(own).not.toContain(name);
});

test("what an untrusted folder may not set is restricted", () => {
  const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  const paths = Object.keys(manifest.contributes.configuration.properties).filter((key) =>
    /(path|interpreter|importStrategy)$/.test(key),
  );
  expect([...restrictedConfigurations].sort()).toEqual(paths.sort());
});
