// Which tie is under the pointer: the nearest drawn line, as pixels on the screen.

/** Pixels between two ties of the same two nodes. */
export const LANE = 6;

/** From graph to screen: x' = a x + b y + e, y' = c x + d y + f. */
export interface Affine {
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
  f: number;
}

export interface Lines {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  source: ArrayLike<number>;
  target: ArrayLike<number>;
  lane: ArrayLike<number>;
  weight: ArrayLike<number>;
}

/** The tie whose line is nearest to a point within so many pixels, or -1. */
export function nearest(lines: Lines, to: Affine, px: number, py: number, within: number): number {
  let best = within * within;
  let found = -1;
  const { x, y, source, target, lane, weight } = lines;
  for (let tie = 0; tie < source.length; tie++) {
    if (!weight[tie]) continue;
    const [s, t] = [source[tie], target[tie]];
    let x0 = to.a * x[s] + to.b * y[s] + to.e - px;
    let y0 = to.c * x[s] + to.d * y[s] + to.f - py;
    const dx = to.a * (x[t] - x[s]) + to.b * (y[t] - y[s]);
    const dy = to.c * (x[t] - x[s]) + to.d * (y[t] - y[s]);
    const length = Math.hypot(dx, dy);
    if (!length) continue;
    // A lane lies beside the straight line, to its right as one goes: y points down on the screen.
    x0 -= (dy / length) * lane[tie] * LANE;
    y0 += (dx / length) * lane[tie] * LANE;
    const along = Math.min(1, Math.max(0, -(x0 * dx + y0 * dy) / (length * length)));
    const distance = (x0 + along * dx) ** 2 + (y0 + along * dy) ** 2;
    if (distance < best) {
      best = distance;
      found = tie;
    }
  }
  return found;
}

/** Where each tie lies beside others of the same two nodes: 0 alone, else … -1, 0, 1 … */
export function lanes(source: ArrayLike<number>, target: ArrayLike<number>): Float32Array {
  const between = new Map<string, number[]>();
  for (let tie = 0; tie < source.length; tie++) {
    const key = `${Math.min(source[tie], target[tie])} ${Math.max(source[tie], target[tie])}`;
    const others = between.get(key);
    if (others) others.push(tie);
    else between.set(key, [tie]);
  }
  const found = new Float32Array(source.length);
  for (const ties of between.values())
    ties.forEach((tie, i) => {
      const side = source[tie] < target[tie] ? 1 : -1;
      found[tie] = side * (i - (ties.length - 1) / 2);
    });
  return found;
}
