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
