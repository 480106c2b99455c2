/**
 * What the code map's page remembers: the search, and the point that it stands on.
 *
 * In: points. Out: a text that is the same for the same point in another map, and its number there. Must not know what
 * is drawn.
 */

import type { MapPoint } from "./messages";

export interface State {
  query: string;
  /** The key of a point; numbers are another map's after it was drawn again. */
  current: string | undefined;
}

export function keyOf(point: MapPoint | undefined): string | undefined {
  return point && `${point.name} ${point.at}`;
}

/** -1 where this map has no such point. */
export function indexOf(points: readonly MapPoint[], key: string | undefined): number {
  return points.findIndex((point) => keyOf(point) === key);
}
