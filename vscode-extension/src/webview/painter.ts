/**
 * Paints the code map.
 *
 * In: a canvas and what is to be seen. Out: pixels, in the colours of the editor's theme. Must not know of keys, clicks
 * or messages.
 */

import type { Look, Spot } from "./geometry";

export interface Scene {
  spots: readonly Spot[];
  looks: readonly Look[];
  links: readonly (readonly [number, number, number])[];
  /** What a search found; undefined where nothing is searched. */
  found: ReadonlySet<number> | undefined;
  current: number;
  hovered: number;
}

const CHARTS = ["blue", "orange", "green", "purple", "red", "yellow"];
const RADIUS = 4;

export class Painter {
  private readonly context: CanvasRenderingContext2D;

  constructor(private readonly canvas: HTMLCanvasElement) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("this webview has no canvas");
    this.context = context;
  }

  paint(scene: Scene): void {
    const { context, canvas } = this;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    this.links(scene);
    scene.spots.forEach((spot, index) => {
      this.point(scene, spot, index);
    });
    for (const index of new Set([scene.hovered, scene.current])) this.ring(scene, index);
  }

  private links({ spots, links, found }: Scene): void {
    const { context } = this;
    context.strokeStyle = theme("--vscode-foreground");
    context.lineWidth = isHighContrast() ? 1.5 : 1;
    for (const [from, to] of links) {
      const [start, end] = [spots[from], spots[to]];
      if (!start || !end) continue;
      context.globalAlpha = !found || (found.has(from) && found.has(to)) ? 0.45 : 0.1;
      context.beginPath();
      context.moveTo(start.x, start.y);
      context.lineTo(end.x, end.y);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  private point({ looks, found }: Scene, spot: Spot, index: number): void {
    const look = looks[index] ?? { color: 0, shape: 0 };
    const isFound = found?.has(index) ?? false;
    this.context.globalAlpha = found && !isFound ? 0.18 : 0.9;
    this.context.fillStyle = colorOf(look.color);
    outline(this.context, spot, isFound ? RADIUS * 1.6 : RADIUS, look.shape);
    this.context.fill();
    this.context.globalAlpha = 1;
  }

  private ring({ spots }: Scene, index: number): void {
    const spot = spots[index];
    if (!spot) return;
    const { context } = this;
    context.strokeStyle = theme("--vscode-focusBorder");
    context.lineWidth = 2;
    outline(context, spot, RADIUS * 2, 0);
    context.stroke();
  }
}

/** One folder's mark, for the legend. */
export function paintMark(canvas: HTMLCanvasElement, look: Look): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = 12 * ratio;
  canvas.height = 12 * ratio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = colorOf(look.color);
  outline(context, { x: 6, y: 6 }, RADIUS, look.shape);
  context.fill();
}

function outline(context: CanvasRenderingContext2D, { x, y }: Spot, radius: number, shape: number): void {
  context.beginPath();
  if (shape === 0) {
    context.arc(x, y, radius, 0, 2 * Math.PI);
  } else if (shape === 1) {
    context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
  } else {
    const corners = shape === 2 ? 3 : 4;
    for (let corner = 0; corner < corners; corner++) {
      const angle = -Math.PI / 2 + (corner * 2 * Math.PI) / corners;
      context.lineTo(x + 1.3 * radius * Math.cos(angle), y + 1.3 * radius * Math.sin(angle));
    }
    context.closePath();
  }
}

function colorOf(color: number): string {
  return theme(`--vscode-charts-${CHARTS[color] ?? "foreground"}`) || theme("--vscode-foreground");
}

function theme(name: string): string {
  return getComputedStyle(document.body).getPropertyValue(name).trim();
}

function isHighContrast(): boolean {
  return document.body.classList.contains("vscode-high-contrast");
}
