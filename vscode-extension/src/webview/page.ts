/**
 * The code map's page: keys, clicks and the search box.
 *
 * In: points from the extension. Out: wishes to open or to search. Must not know where points come from.
 */

import { type Direction, looks, type Look, nearest, placed, type Spot, towards } from "./geometry";
import type { FromPage, MapData, ToPage } from "./messages";
import { Painter, paintMark } from "./painter";
import { indexOf, keyOf, type State } from "./state";

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): State | undefined;
  setState(state: State): void;
};

const REACH = 14;
const TYPING_PAUSE = 200;
const LEAST_TO_ASK = 3;
const ARROWS: Record<string, Direction> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

class Page {
  private readonly vscode = acquireVsCodeApi();
  private readonly canvas = element("map", HTMLCanvasElement);
  private readonly box = element("search", HTMLInputElement);
  private readonly count = element("count", HTMLElement);
  private readonly at = element("at", HTMLElement);
  private readonly tip = element("tip", HTMLElement);
  private readonly legend = element("legend", HTMLElement);
  private readonly painter = new Painter(this.canvas);
  private data: MapData | undefined;
  private spots: Spot[] = [];
  private looks: Look[] = [];
  private found: Set<number> | undefined;
  private current = -1;
  private hovered = -1;
  private typing = 0;

  start(): void {
    window.addEventListener("message", (event: MessageEvent<ToPage>) => {
      this.heard(event.data);
    });
    window.addEventListener("resize", () => {
      this.lay();
    });
    // A change of theme changes these of the body, and with them every colour.
    new MutationObserver(() => {
      this.showLegend();
      this.paint();
    }).observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
    this.canvas.addEventListener("mousemove", (event) => {
      this.hover(nearest(this.spots, { x: event.offsetX, y: event.offsetY }, REACH));
    });
    this.canvas.addEventListener("mouseleave", () => {
      this.hover(-1);
    });
    this.canvas.addEventListener("click", (event) => {
      this.open(nearest(this.spots, { x: event.offsetX, y: event.offsetY }, REACH));
    });
    this.canvas.addEventListener("keydown", (event) => {
      this.pressed(event);
    });
    this.box.addEventListener("input", () => {
      this.typed();
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === "ArrowDown") this.enterMap(event);
    });
    this.vscode.postMessage({ type: "ready" });
  }

  private heard(message: ToPage): void {
    if (message.type === "draw") this.draw(message.data);
    else if (message.type === "found") this.meant(message.query, message.indices);
    else this.count.textContent = message.message;
  }

  private draw(data: MapData): void {
    this.data = data;
    const folders = data.points.map(({ folder }) => folder);
    const known = looks(folders);
    this.looks = folders.map((folder) => known.get(folder) ?? { color: 0, shape: 0 });
    const { query = "", current } = this.vscode.getState() ?? {};
    this.box.value = query;
    this.current = indexOf(data.points, current);
    this.hovered = -1;
    this.showLegend();
    this.find();
    this.lay();
    this.showTip(this.current);
  }

  private lay(): void {
    const size = { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
    this.spots = placed(this.data?.points ?? [], size);
    this.paint();
  }

  private paint(): void {
    const { spots, looks: all, found, current, hovered } = this;
    this.painter.paint({ spots, looks: all, links: this.data?.links ?? [], found, current, hovered });
  }

  private typed(): void {
    this.find();
    this.keep();
    window.clearTimeout(this.typing);
    const query = this.box.value.trim();
    if (query.length < LEAST_TO_ASK) return;
    this.typing = window.setTimeout(() => {
      this.vscode.postMessage({ type: "search", query });
    }, TYPING_PAUSE);
  }

  /** By name, at once; by meaning once the server has answered. */
  private find(): void {
    const query = this.box.value.trim().toLowerCase();
    const points = this.data?.points ?? [];
    const named = points.flatMap(({ name }, index) => (name.toLowerCase().includes(query) ? [index] : []));
    this.found = query === "" ? undefined : new Set(named);
    this.tell();
    this.paint();
  }

  private meant(query: string, indices: readonly number[]): void {
    if (query !== this.box.value.trim()) return;
    this.found = new Set([...(this.found ?? []), ...indices]);
    const [best] = indices;
    if (best !== undefined && document.activeElement === this.box) this.move(best);
    this.tell();
    this.paint();
  }

  private tell(): void {
    const { data, found } = this;
    if (!data) return;
    const empty = data.note ?? data.texts.nothing;
    const all = data.points.length > 0 ? data.texts.count : empty;
    this.count.textContent = found ? data.texts.found.replace("{0}", String(found.size)) : all;
  }

  private enterMap(event: KeyboardEvent): void {
    event.preventDefault();
    const first = this.found?.values().next().value;
    if (event.key === "Enter" && this.found?.has(this.current)) {
      this.open(this.current);
      return;
    }
    if (!this.found?.has(this.current)) this.move(first ?? Math.max(0, this.current));
    this.canvas.focus();
  }

  private pressed(event: KeyboardEvent): void {
    const direction = ARROWS[event.key];
    if (direction) {
      const isWanted = (index: number) => this.found?.has(index) ?? true;
      this.move(towards(this.spots, this.current, direction, isWanted));
    } else if (event.key === "Enter" || event.key === " ") {
      this.open(this.current);
    } else if (event.key === "/") {
      this.box.focus();
    } else if (event.key === "Escape") {
      this.box.value = "";
      this.typed();
    } else {
      return;
    }
    event.preventDefault();
  }

  private move(index: number): void {
    this.current = index;
    this.showTip(index);
    this.keep();
    this.paint();
  }

  private hover(index: number): void {
    if (index === this.hovered) return;
    this.hovered = index;
    this.canvas.classList.toggle("pointing", index >= 0);
    this.showTip(index >= 0 ? index : this.current);
    this.paint();
  }

  private showTip(index: number): void {
    const point = this.data?.points[index];
    const spot = this.spots[index];
    this.tip.hidden = !point || !spot;
    this.at.textContent = point ? `${point.name} · ${point.at}` : "";
    if (!point || !spot) return;
    this.tip.textContent = `${point.name}\n${point.at}`;
    const isRight = spot.x > this.canvas.clientWidth / 2;
    const isLow = spot.y > this.canvas.clientHeight / 2;
    this.tip.style.left = isRight ? "auto" : `${spot.x + 12}px`;
    this.tip.style.right = isRight ? `${this.canvas.clientWidth - spot.x + 12}px` : "auto";
    this.tip.style.top = isLow ? "auto" : `${spot.y + 12}px`;
    this.tip.style.bottom = isLow ? `${this.canvas.clientHeight - spot.y + 12}px` : "auto";
  }

  private open(index: number): void {
    if (!this.data?.points[index]) return;
    this.move(index);
    this.vscode.postMessage({ type: "open", index });
  }

  private keep(): void {
    this.vscode.setState({ query: this.box.value, current: keyOf(this.data?.points[this.current]) });
  }

  private showLegend(): void {
    const { data } = this;
    if (!data) return;
    const shown = new Map<string, [Look, string]>();
    data.points.forEach(({ folder }, index) => {
      const look = this.looks[index] ?? { color: 0, shape: 0 };
      const key = `${look.color}/${look.shape}`;
      const text = folder || data.texts.root;
      const known = shown.get(key)?.[1] ?? text;
      shown.set(key, [look, known === text ? text : data.texts.others]);
    });
    const sorted = [...shown.values()].sort(([one], [other]) => one.shape - other.shape || one.color - other.color);
    this.legend.replaceChildren(...sorted.map(([look, text]) => legendLine(look, text)));
  }
}

function legendLine(look: Look, text: string): HTMLLIElement {
  const line = document.createElement("li");
  const mark = document.createElement("canvas");
  mark.className = "mark";
  paintMark(mark, look);
  line.append(mark, text);
  return line;
}

function element<T extends HTMLElement>(id: string, kind: abstract new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no #${id}`);
  return found;
}

new Page().start();
