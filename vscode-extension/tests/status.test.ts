import { expect, test } from "vitest";
import { factsOf } from "../src/commands/workspace";
import { type Status, StatusHolder } from "../src/status";
import { describe as described } from "../src/views/statusItem";

const nothing = { done: 0, total: 0, tier: null, model: null, message: null };

test("indexing says how far it is, with which tier and model", () => {
  const status: Status = { state: "indexing", done: 3, total: 9, tier: "student", model: "default", message: null };
  const { text, detail, busy } = described(status);
  expect([text, detail, busy]).toEqual(["codekin: indexing 3/9", "search by meaning, quick model · default", true]);
});

test("a failure is an error with its message", () => {
  const { severity, detail } = described({ ...nothing, state: "failed", message: "no Python" });
  expect([severity, detail]).toEqual(["error", "no Python"]);
});

test("the server's word replaces all of the last one", () => {
  const holder = new StatusHolder();
  const heard: Status[] = [];
  holder.onDidChange((status) => heard.push(status));
  holder.hear({ state: "indexing", done: 1, total: 2, message: "reading" });
  holder.hear({ state: "ready", model: "default" });
  expect(heard.at(-1)).toEqual({ ...nothing, state: "ready", model: "default" });
});

test("facts that the server does not say are left out", () => {
  const facts = factsOf(
    { files: 84, units: 2114, memory_mb: 72.4, worker: { state: "ready", memory_mb: 186, last_error: null } },
    "",
  );
  expect(facts).toEqual([
    ["Files", "84"],
    ["Functions, classes, modules", (2114).toLocaleString()],
    ["Model's process", "ready"],
    ["Memory", "258 MB"],
  ]);
});
