// Rows of an answer as a network: two columns of IRIs are its ends, a column of numbers its weight.

import type { Packed } from "../network/data";
import type { Places } from "./layout";
import type { Answer, Row } from "./reading";
import { isIri, isNumber, type Prefixes, shorten } from "./terms";

export const MOST_NODES = 1_200; // that a worker of the page arranges within seconds
const IDS = "https://w3id.org/eventkg/id/";

/** Names of columns; "" where there is none. */
export interface Columns {
  from: string;
  to: string;
  number: string;
}

export interface Kind {
  name: string;
  colour: string;
}

const mostly = (answer: Answer, name: string, is: (row: Row) => boolean): boolean => {
  const bound = answer.rows.filter((row) => row[name]);
  return bound.length > 0 && bound.filter(is).length * 5 >= bound.length * 4;
};

export const iris = (answer: Answer): string[] =>
  answer.vars.filter((name) => mostly(answer, name, (row) => isIri(row[name])));

export const numbers = (answer: Answer): string[] =>
  answer.vars.filter((name) => mostly(answer, name, (row) => isNumber(row[name])));

interface Tie {
  source: number;
  target: number;
  weight: number;
}

/** The network without places, and whether some of it was left out. */
export interface Gathered {
  iris: string[];
  labels: string[];
  ties: Tie[];
  left: boolean;
}

export function gather(answer: Answer, columns: Columns, prefixes: Prefixes): Gathered {
  const numbered = new Map<string, number>();
  const labels: string[] = [];
  const ties = new Map<string, Tie>();
  let left = answer.more;
  for (const row of answer.rows) {
    const [a, b] = [row[columns.from], row[columns.to]];
    if (!isIri(a) || !isIri(b)) continue;
    const fresh = new Set([a.value, b.value].filter((iri) => !numbered.has(iri))).size;
    if (numbered.size + fresh > MOST_NODES) {
      left = true;
      continue;
    }
    const ends = [columns.from, columns.to].map((name, i) => {
      const iri = (i ? b : a).value;
      const known = numbered.get(iri);
      if (known !== undefined) return known;
      numbered.set(iri, labels.length);
      return labels.push(labelOf(row, name, iri, prefixes)) - 1;
    });
    const [source, target] = ends as [number, number];
    const tie = ties.get(`${source} ${target}`) ?? { source, target, weight: 0 };
    const number = columns.number ? row[columns.number] : undefined;
    tie.weight += isNumber(number) ? Math.max(0, Number(number.value)) : 1;
    ties.set(`${source} ${target}`, tie);
  }
  return { iris: [...numbered.keys()], labels, ties: [...ties.values()], left };
}

/** What another column calls it: `?actorLabel` for `?actor`; else its short name. */
function labelOf(row: Row, name: string, iri: string, prefixes: Prefixes): string {
  const said = [`${name}Label`, `${name}_label`, `${name}Name`].map((column) => row[column]);
  const label = said.find((term) => term?.type === "literal");
  return label?.value ?? shorten(iri, prefixes).replace(/^\w+:/, "");
}

/** As the picture of a network takes it; `kinds` are those of our own IRIs, the last is for all others. */
export function pack(found: Gathered, places: Places, kinds: Kind[], unit: string): Packed {
  const count = found.labels.map(() => 0);
  for (const tie of found.ties) {
    count[tie.source] += tie.weight;
    count[tie.target] += tie.weight;
  }
  const kindOf = (iri: string): number => {
    const name = iri.startsWith(IDS) ? iri.slice(IDS.length).split("/")[0] : "";
    const known = kinds.findIndex((kind) => kind.name === name);
    return known < 0 ? kinds.length - 1 : known;
  };
  const none = found.labels.map(() => "");
  return {
    unit,
    prefix: "",
    kinds,
    roles: [{ name: "tied to", sign: 0, directed: true }],
    statuses: ["Contested", "In the answer"],
    nodes: {
      iri: found.iris,
      label: found.labels,
      kind: found.iris.map(kindOf),
      x: places.x,
      y: places.y,
      size: count.map((n) => Math.min(20, 3 + 1.5 * Math.sqrt(n))),
      count,
      first: none,
      last: none,
      sources: none,
      more: none,
    },
    events: { iri: [], label: [], kind: [], first: [], last: [], sources: [] },
    ties: {
      source: found.ties.map((tie) => tie.source),
      target: found.ties.map((tie) => tie.target),
      role: found.ties.map(() => 0),
      status: found.ties.map(() => 1),
      start: Array.from({ length: found.ties.length + 1 }, () => 0),
      event: [],
      standing: [],
      weight: found.ties.map((tie) => tie.weight),
    },
  };
}
