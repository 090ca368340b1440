// The network as eventkg writes it into the page, unpacked into columns.

export interface Role {
  name: string;
  sign: number;
  directed: boolean;
}

/** What stands in the page: see src/eventkg/export/interactive.py. */
export interface Packed {
  unit: string;
  prefix: string;
  kinds: { name: string; colour: string }[];
  roles: Role[];
  statuses: string[];
  nodes: {
    iri: string[];
    label: string[];
    kind: number[];
    x: number[];
    y: number[];
    size: number[];
    count: number[];
    first: string[];
    last: string[];
    sources: string[];
    more: string[];
  };
  events: {
    iri: string[];
    label: string[];
    kind: string[];
    first: string[];
    last: string[];
    sources: string[];
  };
  ties: {
    source: number[];
    target: number[];
    role: number[];
    status: number[];
    start: number[];
    event: number[];
    standing: number[];
    /** Of ties without events, where they have any. */
    weight?: number[];
  };
}

export const CONTESTED = 0; // its place among the statuses
const DAY = 86_400_000;
const NEVER = Number.POSITIVE_INFINITY;

export interface Network extends Packed {
  /** Day numbers of the events; NaN where undated, infinite where no end is known. */
  begun: Float64Array;
  ended: Float64Array;
  days: [number, number] | undefined;
  /** The ties at each node. */
  at: number[][];
}

export function dayNumber(iso: string): number {
  const found = /^(\d{4})-(\d\d)-(\d\d)/.exec(iso);
  return found ? Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3])) / DAY : Number.NaN;
}

export const isoDay = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

export function unpack(packed: Packed): Network {
  const begun = Float64Array.from(packed.events.first, dayNumber);
  const ended = Float64Array.from(packed.events.last, (day) => (day ? dayNumber(day) : NEVER));
  const at: number[][] = packed.nodes.iri.map(() => []);
  packed.ties.source.forEach((node, tie) => {
    at[node].push(tie);
    if (packed.ties.target[tie] !== node) at[packed.ties.target[tie]].push(tie);
  });
  return { ...packed, begun, ended, days: extent(begun, ended), at };
}

function extent(begun: Float64Array, ended: Float64Array): [number, number] | undefined {
  let [low, high] = [NEVER, -NEVER];
  for (let i = 0; i < begun.length; i++) {
    if (Number.isNaN(begun[i])) continue;
    low = Math.min(low, begun[i]);
    high = Math.max(high, begun[i], Number.isFinite(ended[i]) ? ended[i] : begun[i]);
  }
  return low <= high ? [low, high] : undefined;
}

/** A whole IRI: those of our own things are kept without their beginning. */
export const whole = (network: Packed, iri: string): string =>
  iri.startsWith("/") ? network.prefix + iri : iri;

/** `2017-01-21`, `2017-01-21 to 2017-01-23`, `since 2016-08-24`; empty where undated. */
export function span(first: string, last: string): string {
  if (!first) return "";
  if (!last) return `since ${first}`;
  return first === last ? first : `${first} to ${last}`;
}

export function neighbour(network: Packed, tie: number, node: number): number {
  const { source, target } = network.ties;
  return source[tie] === node ? target[tie] : source[tie];
}
