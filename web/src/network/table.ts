// The ties as a table: the same choice, without a picture.

import { button, el, words } from "../shared/dom";
import type { Shown } from "./choice";
import { type Network, span } from "./data";
import { paged, standing, titled } from "./details";
import type { Thing } from "./picture";

export function tieTable(network: Network, shown: Shown, pick: (thing: Thing) => void): HTMLElement {
  const { source, target, role, status } = network.ties;
  const ties = [...shown.weight.keys()].filter((tie) => shown.weight[tie]);
  ties.sort((a, b) => shown.weight[b] - shown.weight[a] || a - b);
  const unit = `${network.unit}s`;
  const head = ["From", "Tie", "To", titled(network), "Contested", "Status", "Days"];
  const body = el("tbody");
  const row = (tie: number): HTMLElement => {
    const cells: (Node | string)[] = [
      words(network.nodes.label[source[tie]]),
      button(network.roles[role[tie]].name, () => pick({ tie })),
      words(network.nodes.label[target[tie]]),
      shown.weight[tie].toLocaleString("en"),
      shown.contested[tie] ? shown.contested[tie].toLocaleString("en") : "",
      standing(network, status[tie]),
      days(network, tie),
    ];
    return el("tr", {}, ...cells.map((cell) => el("td", {}, cell)));
  };
  const rows = paged(body, ties, row);
  const table = el(
    "table",
    {},
    el("caption", {}, `${ties.length.toLocaleString("en")} ties are shown, those with most ${unit} first`),
    el("thead", {}, el("tr", {}, ...head.map((name) => el("th", { scope: "col" }, name)))),
  );
  rows.prepend(table);
  table.append(body);
  return rows;
}

function days(network: Network, tie: number): string {
  const { start, event } = network.ties;
  let [first, last, open] = ["", "", false];
  for (let at = start[tie]; at < start[tie + 1]; at++) {
    const { first: begun, last: ended } = network.events;
    if (!begun[event[at]]) continue;
    if (!first || begun[event[at]] < first) first = begun[event[at]];
    if (!ended[event[at]]) open = true;
    else if (ended[event[at]] > last) last = ended[event[at]];
  }
  return span(first, open ? "" : last);
}
