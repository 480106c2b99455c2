import { expect, test, vi } from "vitest";
import type { Server } from "../src/client";
import { CodeMap } from "../src/views/map";
import type { FromPage, ToPage } from "../src/webview/messages";
import { indexOf, keyOf } from "../src/webview/state";
import { Uri, window, workspace } from "./vscode";

const point = (name: string, start_line: number) => ({
  uri: "file:///project/a.py",
  start_line,
  end_line: start_line,
  qualified_name: name,
});

/** A page that keeps what it is told. */
function fakePage() {
  const told: ToPage[] = [];
  let say: (message: FromPage) => void = () => undefined;
  const webview = {
    html: "",
    cspSource: "https://here",
    asWebviewUri: (uri: Uri) => uri,
    postMessage: (message: ToPage) => Promise.resolve(told.push(message)),
    onDidReceiveMessage: (heard: typeof say) => (say = heard),
  };
  const panel = { webview, onDidDispose: () => undefined, reveal: () => undefined };
  return {
    panel,
    told,
    say: (message: FromPage) => {
      say(message);
    },
    webview,
  };
}

async function drawn() {
  const page = fakePage();
  const [first] = workspace.workspaceFolders;
  const shop = { name: "shop", uri: Uri.parse("file:///shop") };
  Object.assign(workspace, { workspaceFolders: [first, shop] });
  Object.assign(window, {
    createWebviewPanel: () => page.panel,
    showWorkspaceFolderPick: () => Promise.resolve(shop),
    withProgress: (_: unknown, work: () => unknown) => work(),
  });
  const answers = { points: [point("one", 1), point("two", 5)], links: [], note: null, results: [point("two", 5)] };
  const ask = vi.fn((command: string, question: object) => Promise.resolve({ ...answers, command, question }));
  const map = new CodeMap(Uri.parse("file:///extension") as never, { ask } as unknown as Server);
  await map.show();
  return { page, ask };
}

test("a search in the map of one folder looks there only", async () => {
  const { page, ask } = await drawn();
  page.say({ type: "search", query: "add up" });
  await vi.waitFor(() => {
    expect(page.told).toEqual([{ type: "found", query: "add up", indices: [1] }]);
  });
  const question = { query: "add up", folder: "file:///shop", limit: 50 };
  expect(ask.mock.lastCall?.slice(0, 2)).toEqual(["codekin.search", question]);
});

test("the page runs no script but its own, and sends nothing anywhere", async () => {
  const { page } = await drawn();
  const [, policy] = /Content-Security-Policy" content="([^"]+)"/.exec(page.webview.html) ?? [];
  const rules = Object.fromEntries(
    (policy ?? "").split(/;\s*/).map((rule) => rule.split(/ (.*)/).slice(0, 2) as [string, string]),
  );
  expect(rules).toMatchObject({ "default-src": "'none'", "base-uri": "'none'", "form-action": "'none'" });
  expect(rules["script-src"]).toMatch(/^'nonce-[\w+/=]+'$/);
});

test("a point is known again in another map, wherever it stands there", () => {
  const at = (name: string) => ({ name, at: "a.py:1", folder: "", x: 0, y: 0 });
  const key = keyOf(at("two"));
  expect(indexOf([at("one"), at("two")], key)).toBe(1);
  expect(indexOf([at("two"), at("one")], key)).toBe(0);
  expect(indexOf([at("one")], key)).toBe(-1);
  expect(indexOf([at("one")], undefined)).toBe(-1);
});
