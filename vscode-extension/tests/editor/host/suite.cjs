/**
 * The extension through VS Code's own API, with the server behind it. Tests undo what they change.
 */

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const vscode = require("vscode");

const PROJECT = process.env.CODEKIN_HOST_PROJECT;
const UTILS = vscode.Uri.file(path.join(PROJECT, "click/utils.py"));
const NAME = "make_str";

let api;
let document;

async function until(what, look, timeout = 50_000) {
  const end = Date.now() + timeout;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function at(text, within = document) {
  const position = within.positionAt(within.getText().indexOf(text));
  return new vscode.Range(position, position);
}

async function actions(range, resolved = 0, uri = UTILS) {
  const found = await vscode.commands.executeCommand(
    "vscode.executeCodeActionProvider",
    uri,
    range,
    undefined,
    resolved,
  );
  return found.filter(({ title }) => title.startsWith("Rename to "));
}

async function put(text) {
  const editor = await vscode.window.showTextDocument(document);
  const { start } = at(text);
  editor.selection = new vscode.Selection(start, start);
  return editor;
}

/** VS Code in a browser saves by itself, so there is nothing to revert to. */
async function restore(changed, text) {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(changed.uri, new vscode.Range(0, 0, changed.lineCount, 0), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
  await changed.save();
}

const settings = () => vscode.workspace.getConfiguration("codekin", UTILS);

describe("codekin in the extension host", () => {
  before(async function () {
    this.timeout(300_000);
    document = await vscode.workspace.openTextDocument(UTILS);
    await vscode.window.showTextDocument(document);
    const extension = vscode.extensions.getExtension("codekin.codekin");
    api = await extension.activate();
    await until("the index", () => api.state() === "ready", 280_000);
    await until("names", async () => (await actions(at(`${NAME}(`))).length > 0);
  });

  it("has every command of its manifest", async () => {
    const { packageJSON } = vscode.extensions.getExtension("codekin.codekin");
    const there = new Set(await vscode.commands.getCommands(true));
    const missing = packageJSON.contributes.commands.filter(({ command }) => !there.has(command));
    assert.deepEqual(missing, []);
  });

  it("offers names whose edit comes when it is asked for", async () => {
    const core = await vscode.workspace.openTextDocument(path.join(PROJECT, "click/core.py"));
    const before = [document, core].map((each) => [each, each.getText()]);
    const [first] = await actions(at(`${NAME}(`), 1);
    const [, name] = /^Rename to '(\w+)'/.exec(first.title);
    assert.ok(first.edit, "the action was not resolved");
    assert.ok(await vscode.workspace.applyEdit(first.edit));
    assert.match(document.getText(), new RegExp(`def ${name}\\(`));
    assert.match(core.getText(), new RegExp(`import ${name}\\n`));
    assert.ok(!core.getText().includes(NAME));
    for (const [each, text] of before) await restore(each, text);
  });

  it("leaves a rename to the editor's own provider", async () => {
    const asked = [];
    const provider = {
      provideRenameEdits(of, position, newName) {
        asked.push([of.getText(of.getWordRangeAtPosition(position)), newName]);
        const edit = new vscode.WorkspaceEdit();
        edit.insert(of.uri, new vscode.Position(0, 0), "# by the provider\n");
        return edit;
      },
    };
    const registered = vscode.languages.registerRenameProvider({ language: "python" }, provider);
    try {
      const [first] = await actions(at(`${NAME}(`), 1);
      const [, name] = /^Rename to '(\w+)'/.exec(first.title);
      assert.deepEqual(asked, [[NAME, name]]);
      assert.deepEqual(
        first.edit.get(UTILS).map(({ newText }) => newText),
        ["# by the provider\n"],
      );
    } finally {
      registered.dispose();
    }
  });

  it("passes settings on, and back", async () => {
    const several = () => until("several names", async () => (await actions(at(`${NAME}(`))).length > 1);
    await settings().update("names.minimumConfidence", 0, vscode.ConfigurationTarget.Global);
    await several();
    await settings().update("names.limit", 1, vscode.ConfigurationTarget.Global);
    await until("one name", async () => (await actions(at(`${NAME}(`))).length === 1);
    await settings().update("names.limit", undefined, vscode.ConfigurationTarget.Global);
    await several();
    await settings().update("names.minimumConfidence", undefined, vscode.ConfigurationTarget.Global);
  });

  it("shows a hover only where that is switched on", async () => {
    const hovers = async () => {
      const found = await vscode.commands.executeCommand("vscode.executeHoverProvider", UTILS, at(`${NAME}(`).start);
      return found.length;
    };
    assert.equal(await hovers(), 0);
    await settings().update("hover.enabled", true, vscode.ConfigurationTarget.Global);
    await until("a hover", async () => (await hovers()) > 0);
    await settings().update("hover.enabled", undefined, vscode.ConfigurationTarget.Global);
    await until("no hover", async () => (await hovers()) === 0);
  });

  it("copies kept results as a list", async () => {
    await vscode.env.clipboard.writeText(
      "def confirm(question):\n    return input(question).lower() in ('y', 'yes')\n",
    );
    await vscode.commands.executeCommand("codekin.findSimilarToClipboard");
    await vscode.commands.executeCommand("codekin.results.copy");
    const lines = (await vscode.env.clipboard.readText()).trimEnd().split("\n");
    assert.ok(lines.length > 1);
    for (const line of lines) assert.match(line, /^click\/\w+\.py:\d+: [\w.<>]+$/);
    await vscode.commands.executeCommand("codekin.results.next");
    assert.match(vscode.window.activeTextEditor.document.uri.path, /click\/\w+\.py$/);
    await vscode.commands.executeCommand("codekin.results.clear");
  });

  it("lists duplicates, and compares two of them side by side", async () => {
    await vscode.commands.executeCommand("codekin.showDuplicates");
    await vscode.commands.executeCommand("codekin.results.copy");
    const lines = (await vscode.env.clipboard.readText()).trimEnd().split("\n");
    assert.ok(lines.length > 1, "click has near-duplicates");
    const [file, line] = /^(\S+):(\d+): /.exec(lines[0]).slice(1);
    await vscode.commands.executeCommand("codekin.results.next");
    await vscode.commands.executeCommand("codekin.results.previous");
    await vscode.commands.executeCommand("codekin.results.next");
    await until("the first of them", () => {
      const { document: open, selection } = vscode.window.activeTextEditor;
      return open.uri.path.endsWith(`/${file}`) && selection.active.line === Number(line) - 1;
    });
    await vscode.commands.executeCommand("codekin.results.clear");
  });

  it("shows a lens above near-duplicates only where that is switched on, and the lens opens them", async () => {
    const shell = vscode.Uri.file(path.join(PROJECT, "click/shell_completion.py"));
    await vscode.window.showTextDocument(shell);
    const lenses = async () => {
      const found = await vscode.commands.executeCommand("vscode.executeCodeLensProvider", shell, 10);
      return found.filter(({ command }) => command?.command === "codekin.showSimilar");
    };
    assert.deepEqual(await lenses(), []);
    await settings().update("codeLens.similar", true, vscode.ConfigurationTarget.Global);
    await settings().update("similar.threshold", 0.5, vscode.ConfigurationTarget.Global);
    const [lens] = await until("a lens", async () => {
      const found = await lenses();
      return found.length > 0 && found;
    });
    assert.match(lens.command.title, /^\d+ similar$/);
    await vscode.commands.executeCommand(lens.command.command, ...lens.command.arguments);
    await vscode.commands.executeCommand("closeReferenceSearch");
    for (const key of ["codeLens.similar", "similar.threshold"]) {
      await settings().update(key, undefined, vscode.ConfigurationTarget.Global);
    }
    await until("no lens", async () => (await lenses()).length === 0);
  });

  it("pauses, and goes on", async () => {
    await vscode.commands.executeCommand("codekin.pauseIndexing");
    await until("the pause", () => api.state() === "paused");
    await vscode.commands.executeCommand("codekin.resumeIndexing");
    await until("the end of the pause", () => api.state() === "ready");
  });

  it("indexes again when it is asked to", async () => {
    await vscode.commands.executeCommand("codekin.reindexWorkspace");
    await until("the index", () => api.state() === "ready");
  });

  it("explains, and clears when the text changes", async () => {
    const editor = await put(`${NAME}(`);
    await vscode.commands.executeCommand("codekin.explainName");
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "# changed\n"));
    await vscode.commands.executeCommand("undo");
    assert.ok(document.getText().startsWith("import os"));
  });

  it("works in the cells of a notebook", async () => {
    const source = [
      "def stream_of(name):\n",
      "    opener = binary_streams.get(name)\n",
      "    if opener is None:\n",
      "        raise TypeError(name)\n",
      "    return opener()\n",
    ];
    const cell = { cell_type: "code", execution_count: null, metadata: {}, outputs: [], source };
    const metadata = {
      language_info: { name: "python" },
      kernelspec: { name: "python3", language: "python", display_name: "Python 3" },
    };
    const file = path.join(PROJECT, "shop.ipynb");
    fs.writeFileSync(file, JSON.stringify({ cells: [cell], metadata, nbformat: 4, nbformat_minor: 5 }));
    const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
    await vscode.window.showNotebookDocument(notebook);
    const within = notebook.cellAt(0).document;
    await vscode.languages.setTextDocumentLanguage(within, "python");
    await until("names in a cell", async () => (await actions(at("stream_of", within), 0, within.uri)).length > 0);
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
  });

  it("opens what it found in a closed notebook in its cell", async () => {
    const { LINE, NAME: name, writeNotebook } = await import("../notebook.mjs");
    const file = writeNotebook(PROJECT, "streams.ipynb");
    await vscode.commands.executeCommand("codekin.reindexWorkspace");
    await until("the index", () => api.state() === "ready");
    const functionText = `def ${name}(name):\n    """Returns a system stream for byte processing."""\n`;
    await vscode.env.clipboard.writeText(`${functionText}    opener = binary_streams.get(name)\n    return opener()\n`);
    const lines = await until("the notebook's function", async () => {
      await vscode.commands.executeCommand("codekin.findSimilarToClipboard");
      await vscode.commands.executeCommand("codekin.results.copy");
      const found = (await vscode.env.clipboard.readText()).trimEnd().split("\n");
      return found[0].endsWith(name) && found;
    });
    assert.equal(lines[0], `streams.ipynb/cell-2:${LINE}: ${name}`);
    await vscode.commands.executeCommand("codekin.results.next");
    const editor = await until("the cell", () =>
      vscode.window.visibleTextEditors.find(
        ({ document: { uri, getText } }) => uri.scheme === "vscode-notebook-cell" && getText().includes(name),
      ),
    );
    assert.equal(vscode.window.activeNotebookEditor?.notebook.uri.path, file);
    assert.equal(editor.selection.active.line, LINE - 1);
    assert.deepEqual(
      vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === "file" && uri.path === file),
      [],
    );
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    await vscode.commands.executeCommand("codekin.results.clear");
  });

  it("compares a function of a closed notebook by its cell's text", async () => {
    const { LINE, NAME: name } = await import("../notebook.mjs");
    const uri = vscode.Uri.file(path.join(PROJECT, "streams.ipynb"));
    const query = JSON.stringify({ uri: uri.toString(), cell: 2, range: [LINE - 1, LINE + 4, 100] });
    const unit = vscode.Uri.from({ scheme: "codekin-unit", path: "/streams.py", query });
    const text = (await vscode.workspace.openTextDocument(unit)).getText();
    assert.match(text, new RegExp(`^def ${name}\\(name\\):\\n[^]*return opener\\(\\)\\n$`));
  });

  it("starts a server that was killed again", async () => {
    const pid = api.pid();
    process.kill(pid, "SIGKILL");
    await until("another process", () => api.pid() !== undefined && api.pid() !== pid);
    await until("names", async () => (await actions(at(`${NAME}(`)).catch(() => [])).length > 0);
  });
});
