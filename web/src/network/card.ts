// The card beside the pointer.

import { count, el, words } from "../shared/dom";
import type { Shown } from "./choice";
import { type Network, span } from "./data";
import { tieWords } from "./details";
import type { Thing } from "./picture";

export class Card {
  private readonly card = el("div", { id: "card", role: "presentation", hidden: "" });

  constructor(private readonly stage: HTMLElement) {
    stage.append(this.card);
  }

  hide(): void {
    this.card.hidden = true;
  }

  show(network: Network, shown: Shown, thing: Thing, x: number, y: number): void {
    this.card.replaceChildren(
      ...("node" in thing ? ofNode(network, shown, thing.node) : ofTie(network, shown, thing.tie)),
    );
    this.card.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const left = x + 18 + width > this.stage.clientWidth ? x - 18 - width : x + 18;
    const top = y + 14 + height > this.stage.clientHeight ? y - 14 - height : y + 14;
    this.card.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
  }
}

function ofNode(network: Network, shown: Shown, node: number): HTMLElement[] {
  const { nodes } = network;
  const ties = network.at[node].filter((tie) => shown.weight[tie]);
  const contested = ties.filter((tie) => shown.contested[tie]).length;
  return [
    el("strong", {}, words(nodes.label[node])),
    el("span", {}, network.kinds[nodes.kind[node]].name),
    el("span", {}, span(nodes.first[node], nodes.last[node])),
    el("span", {}, `${count(nodes.count[node], network.unit)}, ${count(ties.length, "tie")}`),
    el(
      "span",
      { class: "contested" },
      contested ? `${count(contested, "tie")} with something contested` : "",
    ),
  ];
}

function ofTie(network: Network, shown: Shown, tie: number): HTMLElement[] {
  const events = count(shown.weight[tie], network.unit);
  return [
    el("strong", {}, tieWords(network, tie)),
    el("span", {}, events),
    el(
      "span",
      { class: "contested" },
      shown.contested[tie] ? `contested: ${shown.contested[tie]} of ${events}` : "",
    ),
  ];
}
