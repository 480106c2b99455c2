/**
 * The code map's geometry: where points stand on the canvas, and which one is meant.
 *
 * In: points between -1 and 1, sizes in pixels. Out: places in pixels, indices. Must not know how anything is drawn.
 */

export interface Spot {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export type Direction = "left" | "right" | "up" | "down";

/** Pixels that stay free at the edges. */
export const MARGIN = 24;

/** Points on the canvas; both axes use the whole of it, since distances in the map are only roughly meant. */
export function placed(points: readonly Spot[], size: Size): Spot[] {
  const width = Math.max(1, size.width - 2 * MARGIN);
  const height = Math.max(1, size.height - 2 * MARGIN);
  return points.map(({ x, y }) => ({ x: MARGIN + ((x + 1) / 2) * width, y: MARGIN + ((1 - y) / 2) * height }));
}

/** The index of the spot nearest to `at`, within `reach` pixels; -1 where there is none. */
export function nearest(spots: readonly Spot[], at: Spot, reach: number): number {
  let best = -1;
  let least = reach * reach;
  spots.forEach((spot, index) => {
    const distance = (spot.x - at.x) ** 2 + (spot.y - at.y) ** 2;
    if (distance <= least) {
      least = distance;
      best = index;
    }
  });
  return best;
}

/**
 * The spot that an arrow key leads to: the nearest in a quarter circle around its direction, `from` where there is none.
 * Spots that are not `wanted` are passed over.
 */
export function towards(
  spots: readonly Spot[],
  from: number,
  direction: Direction,
  isWanted: (index: number) => boolean = () => true,
): number {
  const start = spots[from];
  if (!start) return spots.findIndex((_, index) => isWanted(index));
  let best = from;
  let least = Infinity;
  spots.forEach((spot, index) => {
    const [along, across] = turned(spot.x - start.x, spot.y - start.y, direction);
    if (along <= 0 || Math.abs(across) > along || !isWanted(index)) return;
    const distance = along * along + across * across;
    if (distance < least) {
      least = distance;
      best = index;
    }
  });
  return best;
}

function turned(dx: number, dy: number, direction: Direction): [number, number] {
  switch (direction) {
    case "left":
      return [-dx, dy];
    case "right":
      return [dx, dy];
    case "up":
      return [-dy, dx];
    case "down":
      return [dy, dx];
  }
}

/** How folders are told apart: six colours times four shapes; the rest share the last look. */
export interface Look {
  color: number;
  shape: number;
}

export const COLORS = 6;
export const SHAPES = 4;

/** Folders by how many points they have, most first; those beyond the last look are one. */
export function looks(folders: readonly string[]): Map<string, Look> {
  const counts = new Map<string, number>();
  for (const folder of folders) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  const ordered = [...counts].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
  const last = COLORS * SHAPES - 1;
  return new Map(
    ordered.map(([folder], index) => {
      const rank = Math.min(index, last);
      return [folder, { color: rank % COLORS, shape: Math.floor(rank / COLORS) }];
    }),
  );
}
