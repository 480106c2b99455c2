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

/** The theme's colours, read once for all points. */
interface Palette {
  charts: readonly string[];
  foreground: string;
  focus: string;
  highContrast: boolean;
}

export class Painter {
  private readonly context: CanvasRenderingContext2D;
  private palette = readPalette();

  constructor(private readonly canvas: HTMLCanvasElement) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("this webview has no canvas");
    this.context = context;
  }

  paint(scene: Scene): void {
    const { context, canvas } = this;
    this.palette = readPalette();
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
    const { context, palette } = this;
    context.strokeStyle = palette.foreground;
    context.lineWidth = palette.highContrast ? 1.5 : 1;
    for (const [from, to] of links) {
      const [start, end] = [spots[from], spots[to]];
      if (!start || !end) continue;
      const isWanted = !found || (found.has(from) && found.has(to));
      context.globalAlpha = isWanted ? (palette.highContrast ? 1 : 0.45) : 0.1;
      context.beginPath();
      context.moveTo(start.x, start.y);
      context.lineTo(end.x, end.y);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  /** What a search passed over is faint; hollow where a theme of high contrast forbids that. */
  private point({ looks, found }: Scene, spot: Spot, index: number): void {
    const { context, palette } = this;
    const look = looks[index] ?? { color: 0, shape: 0 };
    const isFound = found?.has(index) ?? false;
    const isPassed = found !== undefined && !isFound;
    const color = palette.charts[look.color] ?? palette.foreground;
    context.globalAlpha = palette.highContrast ? 1 : isPassed ? 0.18 : 0.9;
    context.fillStyle = context.strokeStyle = color;
    context.lineWidth = 1;
    outline(context, spot, isFound ? RADIUS * 1.6 : RADIUS, look.shape);
    if (isPassed && palette.highContrast) context.stroke();
    else context.fill();
    context.globalAlpha = 1;
  }

  private ring({ spots }: Scene, index: number): void {
    const spot = spots[index];
    if (!spot) return;
    const { context } = this;
    context.strokeStyle = this.palette.focus;
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
  const { charts, foreground } = readPalette();
  context.fillStyle = charts[look.color] ?? foreground;
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

function readPalette(): Palette {
  const style = getComputedStyle(document.body);
  const color = (name: string) => style.getPropertyValue(`--vscode-${name}`).trim();
  const foreground = color("foreground");
  return {
    charts: CHARTS.map((name) => color(`charts-${name}`) || foreground),
    foreground,
    focus: color("focusBorder") || foreground,
    highContrast: document.body.classList.contains("vscode-high-contrast"),
  };
}
