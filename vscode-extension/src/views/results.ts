/**
 * The results view: what a search or a look for duplicates found, kept while one works through it.
 *
 * In: results. Out: a tree, grouped by file or by cluster, with the next and the previous one a key away. Must not know
 * how the results were found.
 */

import * as vscode from "vscode";
import { fileOf, iconOf, lineOf, percent, reasonOf, shownPath, shownSpot } from "../places";
import type { Cluster, Place, SearchResult } from "../protocol";
import { showPlace } from "./document";

/** What the view shows. `again` asks once more. */
export type Shown =
  | { kind: "search"; title: string; results: readonly SearchResult[]; again: () => Promise<void> }
  | { kind: "duplicates"; title: string; clusters: readonly Cluster[]; again: () => Promise<void> };

export interface Group {
  label: string;
  description: string;
  /** The file that all of its leaves stand in, where there is one. */
  file?: vscode.Uri;
  leaves: Leaf[];
}

/** `partner` is what a comparison is with. */
export interface Leaf {
  place: Place;
  description: string;
  highlights: [number, number][];
  tooltip: string;
  partner?: Place | undefined;
  group: Group;
}

type Node = Group | Leaf;

export class ResultsView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly tree = vscode.window.createTreeView<Node>("codekin.results", { treeDataProvider: this });
  private groups: Group[] = [];
  private shown: Shown | undefined;
  /** What was opened last. */
  private at: Leaf | undefined;

  async show(shown: Shown): Promise<void> {
    this.shown = shown;
    this.groups = shown.kind === "search" ? byFile(shown.results) : shown.clusters.map(clusterGroup);
    this.at = undefined;
    this.tree.title = shown.kind === "search" ? vscode.l10n.t("Results") : vscode.l10n.t("Duplicates");
    this.tree.description = shown.title;
    this.tree.message = this.leaves.length === 0 ? vscode.l10n.t("Nothing was found.") : "";
    await vscode.commands.executeCommand("setContext", "codekin.hasResults", true);
    this.changed.fire(undefined);
    await vscode.commands.executeCommand("codekin.results.focus");
    const first = this.leaves[0];
    if (first) await this.tree.reveal(first, { select: true, focus: true, expand: true });
  }

  async clear(): Promise<void> {
    this.groups = [];
    this.at = undefined;
    this.changed.fire(undefined);
    await vscode.commands.executeCommand("setContext", "codekin.hasResults", false);
  }

  /** Opens the next or the previous leaf, round at the ends; or the selected one, unless it is what was opened last. */
  async step(by: 1 | -1): Promise<void> {
    const { leaves, at } = this;
    const selected = this.tree.selection.find((node) => "place" in node);
    const next = leaves[stepped(at ? leaves.indexOf(at) : -1, by, leaves.length)];
    const leaf = selected && selected !== at && leaves.includes(selected) ? selected : next;
    if (!leaf) return;
    await this.tree.reveal(leaf, { select: true, focus: false, expand: true });
    await this.open(leaf);
  }

  async open(leaf: Leaf): Promise<void> {
    this.at = leaf;
    await showPlace(leaf.place, { preview: true, preserveFocus: true });
  }

  async copy(): Promise<void> {
    await vscode.env.clipboard.writeText(listOf(this.groups));
  }

  async again(): Promise<void> {
    await this.shown?.again();
  }

  getChildren(node?: Node): Node[] {
    if (!node) return this.groups;
    return "leaves" in node ? node.leaves : [];
  }

  getParent(node: Node): Node | undefined {
    return "place" in node ? node.group : undefined;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return "leaves" in node ? groupItem(node) : leafItem(node);
  }

  private get leaves(): Leaf[] {
    return this.groups.flatMap((group) => group.leaves);
  }

  dispose(): void {
    this.tree.dispose();
    this.changed.dispose();
  }
}

export function stepped(index: number, by: 1 | -1, count: number): number {
  if (index < 0) return by > 0 ? 0 : count - 1;
  return (index + by + count) % count;
}

/** Files in the order of their best result, results in the order of the answer. */
export function byFile(results: readonly SearchResult[]): Group[] {
  const groups = new Map<string, Group>();
  for (const result of results) {
    const path = shownPath(result);
    let group = groups.get(path);
    if (!group) {
      const cut = path.lastIndexOf("/") + 1;
      group = {
        label: path.slice(cut),
        description: path.slice(0, Math.max(0, cut - 1)),
        file: fileOf(result),
        leaves: [],
      };
      groups.set(path, group);
    }
    group.leaves.push(searchLeaf(result, group));
  }
  return [...groups.values()];
}

function searchLeaf(result: SearchResult, group: Group): Leaf {
  const text = result.snippet?.text.trim();
  const why = `${percent(result.score)} · ${reasonOf(result)}`;
  return { place: result, description: why, highlights: highlightsOf(result), tooltip: text ?? why, group };
}

/** Where the name itself has the words that the snippet matched, the longest first; marks do not overlap. */
export function highlightsOf(result: SearchResult): [number, number][] {
  const snippet = result.snippet;
  if (!snippet) return [];
  const words = new Set(snippet.matches.map(([start, end]) => snippet.text.slice(start, end).toLowerCase()));
  const name = result.qualified_name.toLowerCase();
  const marks: [number, number][] = [];
  for (const word of [...words].sort((one, other) => other.length - one.length)) {
    const start = word.length > 1 ? name.indexOf(word) : -1;
    const end = start + word.length;
    if (start >= 0 && marks.every(([from, to]) => end <= from || to <= start)) marks.push([start, end]);
  }
  return marks.sort(([one], [other]) => one - other);
}

export function clusterGroup(cluster: Cluster): Group {
  const [first, second] = cluster.members;
  const group: Group = {
    label: vscode.l10n.t("{0} × {1}", cluster.members.length, first?.name ?? ""),
    description: vscode.l10n.t("{0} alike, {1} lines", percent(cluster.similarity), cluster.lines),
    leaves: [],
  };
  group.leaves = cluster.members.map((place) => {
    const partner = place === first ? second : first;
    const description = shownSpot(place);
    return { place, description, highlights: [], tooltip: description, partner, group };
  });
  return group;
}

export function listOf(groups: readonly Group[]): string {
  return groups.map((group) => group.leaves.map((leaf) => `${lineOf(leaf.place)}\n`).join("")).join("");
}

function groupItem(group: Group): vscode.TreeItem {
  const item = new vscode.TreeItem(group.label, vscode.TreeItemCollapsibleState.Expanded);
  item.description = [group.description, String(group.leaves.length)].filter(Boolean).join(" · ");
  item.iconPath = group.file ? vscode.ThemeIcon.File : new vscode.ThemeIcon("files");
  if (group.file) item.resourceUri = group.file;
  return item;
}

function leafItem(leaf: Leaf): vscode.TreeItem {
  const { place } = leaf;
  const item = new vscode.TreeItem({ label: place.qualified_name, highlights: leaf.highlights });
  item.description = leaf.description;
  item.tooltip = new vscode.MarkdownString().appendCodeblock(leaf.tooltip, "python");
  item.iconPath = new vscode.ThemeIcon(iconOf(place.kind));
  item.contextValue = leaf.partner ? "codekin.comparable" : "codekin.result";
  item.command = { command: "codekin.results.open", title: vscode.l10n.t("Open"), arguments: [leaf] };
  return item;
}
