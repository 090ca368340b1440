// What is known of a node or a tie, and the events behind it.

import { button, count, el, words } from "../shared/dom";
import { type Choice, eventsOf, type Shown } from "./choice";
import { CONTESTED, type Network, neighbour, span, whole } from "./data";
import type { Thing } from "./picture";

const PAGE = 50; // of a list that are shown at once

export interface Actions {
  pick(thing: Thing): void;
  only(node: number): void;
  goTo(node: number): void;
  link(iri: string): HTMLElement;
}

/** So many at a time, with a button for more. */
export function paged<T>(list: HTMLElement, all: T[], make: (one: T) => HTMLElement): HTMLElement {
  const holder = el("div", {}, list);
  let at = 0;
  const more = button("", () => grow());
  const grow = () => {
    const next = all.slice(at, at + PAGE).map(make);
    list.append(...next);
    if (at) (next[0]?.querySelector("button, a") as HTMLElement | null)?.focus();
    at += next.length;
    more.textContent = `Show ${Math.min(PAGE, all.length - at)} more of ${all.length.toLocaleString("en")}`;
    more.hidden = at >= all.length;
  };
  grow();
  if (!more.hidden) holder.append(more);
  return holder;
}

function facts(rows: [string, (Node | string)[]][]): HTMLElement {
  const list = el("dl");
  for (const [name, values] of rows)
    if (values.length && values.some((value) => value !== ""))
      list.append(el("dt", {}, name), el("dd", {}, ...values));
  return list;
}

/** What is counted, as a heading: `Events`. */
export const titled = (network: Network): string =>
  `${network.unit.slice(0, 1).toUpperCase()}${network.unit.slice(1)}s`;

export function standing(network: Network, status: number): HTMLElement {
  return el(
    "span",
    { class: status === CONTESTED ? "status contested" : "status" },
    network.statuses[status],
  );
}

/** `A → against → B`. */
export function tieWords(network: Network, tie: number): HTMLElement {
  const { source, target, role } = network.ties;
  return el(
    "span",
    { class: "tie" },
    words(network.nodes.label[source[tie]]),
    el("span", { class: "role" }, ` ${network.roles[role[tie]].name} `),
    words(network.nodes.label[target[tie]]),
  );
}

export function nodeDetails(network: Network, shown: Shown, node: number, actions: Actions): HTMLElement[] {
  const { nodes } = network;
  const ties = network.at[node].filter((tie) => shown.weight[tie]);
  ties.sort((a, b) => shown.weight[b] - shown.weight[a] || a - b);
  return [
    el("h2", {}, words(nodes.label[node])),
    facts([
      ["Kind", [network.kinds[nodes.kind[node]].name]],
      [titled(network), [nodes.count[node].toLocaleString("en")]],
      ["Days", [span(nodes.first[node], nodes.last[node])]],
      ["Sources", [nodes.sources[node]]],
      ["More", [nodes.more[node]]],
      ["IRI", [actions.link(whole(network, nodes.iri[node]))]],
    ]),
    el(
      "p",
      { class: "actions" },
      button("Only its ties", () => actions.only(node)),
      button("Show in the picture", () => actions.goTo(node)),
    ),
    el("h3", {}, count(ties.length, "tie"), ties.length < network.at[node].length ? " shown" : ""),
    paged(el("ul", { class: "list" }), ties, (tie) => {
      const outward = network.ties.source[tie] === node;
      const role = network.roles[network.ties.role[tie]];
      const other = words(nodes.label[neighbour(network, tie, node)]);
      const towards = !role.directed ? "" : outward ? "→ " : "← ";
      const text = el("span", {}, el("span", { class: "role" }, `${towards}${role.name} `), other);
      const made = button(text, () => actions.pick({ tie }));
      if (shown.contested[tie] === shown.weight[tie]) made.append(standing(network, CONTESTED));
      made.append(el("small", {}, count(shown.weight[tie], network.unit)));
      return el("li", {}, made);
    }),
  ];
}

export function tieDetails(
  network: Network,
  choice: Choice,
  shown: Shown,
  tie: number,
  actions: Actions,
): HTMLElement[] {
  const { source, target, role, start, status } = network.ties;
  const events = eventsOf(network, choice, tie);
  const all = start[tie + 1] - start[tie];
  const end = (node: number) =>
    button(words(network.nodes.label[node]), () => actions.pick({ node }), { class: "end" });
  const { name, sign, directed } = network.roles[role[tie]];
  const side = sign < 0 ? "on opposite sides" : sign > 0 ? "on one side" : "";
  return [
    el("h2", {}, tieWords(network, tie)),
    facts([
      [directed ? "From" : "Between", [end(source[tie])]],
      [directed ? "To" : "And", [end(target[tie])]],
      ["Tie", [[name, side].filter(Boolean).join(", ")]],
      ["Status", [standing(network, status[tie])]],
      [
        "Contested",
        [shown.contested[tie] ? `${shown.contested[tie]} of ${count(shown.weight[tie], network.unit)}` : ""],
      ],
    ]),
    el("h3", {}, count(events.length, network.unit), events.length < all ? ` of ${all} shown` : " behind it"),
    all
      ? paged(el("ol", { class: "list events" }), events, (at) => eventItem(network, at, actions))
      : el("p", {}, "It stands by itself: no event is behind it."),
  ];
}

function eventItem(network: Network, at: number, actions: Actions): HTMLElement {
  const { events, ties } = network;
  const event = ties.event[at];
  const days = span(events.first[event], events.last[event]) || "undated";
  const item = el("li", {}, words(events.label[event]));
  if (ties.standing[at] === CONTESTED) item.append(" ", standing(network, CONTESTED));
  const told = [days, events.kind[event], events.sources[event]].filter(Boolean).join(" · ");
  item.append(el("small", {}, told), actions.link(whole(network, events.iri[event])));
  return item;
}
