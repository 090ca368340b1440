// Which ties are shown: by time, status, role and actor. Pure: columns in, columns out.

import { CONTESTED, type Network, neighbour } from "./data";

export interface Choice {
  /** Days, both included. */
  from: number;
  until: number;
  statuses: boolean[];
  roles: boolean[];
  /** Nodes whose ties are shown; all where empty. */
  nodes: Set<number>;
  /** Also the ties of their neighbours. */
  further: boolean;
}

export interface Shown {
  /** Events of each tie that are shown, 1 where a tie has none; 0 hides it. */
  weight: Uint32Array;
  /** Of these, the contested ones. */
  contested: Uint32Array;
  nodes: Uint8Array;
  ties: number;
}

export function everything(network: Network): Choice {
  const [from, until] = network.days ?? [0, 0];
  return {
    from,
    until,
    statuses: network.statuses.map(() => true),
    roles: network.roles.map(() => true),
    nodes: new Set(),
    further: false,
  };
}

/** Undated events count while no time is chosen; one without an end goes on. */
export function inTime(network: Network, choice: Choice, event: number): boolean {
  const [low, high] = network.days ?? [0, 0];
  if (choice.from <= low && choice.until >= high) return true;
  return network.begun[event] <= choice.until && network.ended[event] >= choice.from;
}

const wholeTime = (network: Network, choice: Choice): boolean =>
  !network.days || (choice.from <= network.days[0] && choice.until >= network.days[1]);

/** The events of a tie that are shown, in the order of the page. */
export function eventsOf(network: Network, choice: Choice, tie: number): number[] {
  const { start, standing } = network.ties;
  const found: number[] = [];
  for (let at = start[tie]; at < start[tie + 1]; at++)
    if (choice.statuses[standing[at]] && inTime(network, choice, network.ties.event[at])) found.push(at);
  return found;
}

export function choose(network: Network, choice: Choice): Shown {
  const { role, start, standing } = network.ties;
  const weight = new Uint32Array(role.length);
  const contested = new Uint32Array(role.length);
  for (let tie = 0; tie < role.length; tie++) {
    if (!choice.roles[role[tie]]) continue;
    if (start[tie] === start[tie + 1]) standsAlone(network, choice, tie, weight, contested);
    for (const at of eventsOf(network, choice, tie)) {
      weight[tie]++;
      if (standing[at] === CONTESTED) contested[tie]++;
    }
  }
  if (choice.nodes.size) keepNear(network, choice, weight);
  return finished(network, choice, weight, contested);
}

/** A tie without events: it has no time, and a status of its own. */
function standsAlone(
  network: Network,
  choice: Choice,
  tie: number,
  weight: Uint32Array,
  contested: Uint32Array,
): void {
  const status = network.ties.status[tie];
  weight[tie] = choice.statuses[status] && wholeTime(network, choice) ? (network.ties.weight?.[tie] ?? 1) : 0;
  contested[tie] = status === CONTESTED ? weight[tie] : 0;
}

function keepNear(network: Network, choice: Choice, weight: Uint32Array): void {
  const { source, target } = network.ties;
  const near = new Set(choice.nodes);
  if (choice.further)
    for (const node of choice.nodes)
      for (const tie of network.at[node]) if (weight[tie]) near.add(neighbour(network, tie, node));
  for (let tie = 0; tie < weight.length; tie++)
    if (!near.has(source[tie]) && !near.has(target[tie])) weight[tie] = 0;
}

function finished(network: Network, choice: Choice, weight: Uint32Array, contested: Uint32Array): Shown {
  const nodes = new Uint8Array(network.nodes.iri.length);
  let ties = 0;
  for (let tie = 0; tie < weight.length; tie++) {
    if (!weight[tie]) continue;
    ties++;
    nodes[network.ties.source[tie]] = nodes[network.ties.target[tie]] = 1;
  }
  for (const node of choice.nodes) nodes[node] = 1;
  if (!choice.nodes.size)
    network.at.forEach((found, node) => {
      if (!found.length) nodes[node] = 1;
    });
  return { weight, contested, nodes, ties };
}
