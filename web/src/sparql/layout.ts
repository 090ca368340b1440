// Where nodes stand when only their ties are known: forces by Fruchterman and Reingold (1991) from fixed places.

export interface Ties {
  nodes: number;
  source: number[];
  target: number[];
}

export interface Places {
  x: number[];
  y: number[];
}

const ROUNDS = 250;
const HOLD = 0.035; // how much the middle pulls: else parts without ties drift away

/** The same ties come to the same places. */
export function arrange({ nodes, source, target }: Ties): Places {
  const x = new Float64Array(nodes);
  const y = new Float64Array(nodes);
  const golden = Math.PI * (3 - Math.sqrt(5));
  const ideal = 1;
  for (let i = 0; i < nodes; i++) {
    const far = Math.sqrt(i + 0.5);
    x[i] = far * Math.cos(i * golden);
    y[i] = far * Math.sin(i * golden);
  }
  const dx = new Float64Array(nodes);
  const dy = new Float64Array(nodes);
  for (let round = 0; round < ROUNDS; round++) {
    push(x, y, dx, dy, ideal);
    pull(x, y, dx, dy, source, target, ideal);
    const most = (Math.sqrt(nodes) * (1 - round / ROUNDS)) / 5 + 0.01;
    for (let i = 0; i < nodes; i++) {
      const length = Math.hypot(dx[i], dy[i]) || 1;
      const step = Math.min(length, most) / length;
      x[i] += dx[i] * step;
      y[i] += dy[i] * step;
    }
  }
  return { x: Array.from(x), y: Array.from(y) };
}

function push(x: Float64Array, y: Float64Array, dx: Float64Array, dy: Float64Array, ideal: number): void {
  for (let i = 0; i < x.length; i++) {
    dx[i] = -x[i] * HOLD;
    dy[i] = -y[i] * HOLD;
  }
  for (let i = 0; i < x.length; i++)
    for (let j = 0; j < i; j++) {
      const [a, b] = [x[i] - x[j], y[i] - y[j]];
      const force = (ideal * ideal) / Math.max(a * a + b * b, 0.01);
      dx[i] += a * force;
      dy[i] += b * force;
      dx[j] -= a * force;
      dy[j] -= b * force;
    }
}

function pull(
  x: Float64Array,
  y: Float64Array,
  dx: Float64Array,
  dy: Float64Array,
  source: number[],
  target: number[],
  ideal: number,
): void {
  for (let tie = 0; tie < source.length; tie++) {
    const [s, t] = [source[tie], target[tie]];
    const [a, b] = [x[s] - x[t], y[s] - y[t]];
    const force = Math.hypot(a, b) / ideal;
    dx[s] -= a * force;
    dy[s] -= b * force;
    dx[t] += a * force;
    dy[t] += b * force;
  }
}
