// A box that finds nodes by what they are called (the combobox of the ARIA Authoring Practices).

import { el, words } from "../shared/dom";
import { fold } from "../shared/fold";
import type { Network } from "./data";

const MOST = 12;

/** Nodes by their folded labels; those that begin with the words first, then the busiest. */
export class Index {
  private readonly folded: string[];

  constructor(private readonly network: Network) {
    this.folded = network.nodes.label.map((label, node) => fold(`${label}\n${network.nodes.iri[node]}`));
  }

  find(text: string): number[] {
    const wanted = fold(text).trim().split(/\s+/).filter(Boolean);
    if (!wanted.length) return [];
    const found: number[] = [];
    this.folded.forEach((label, node) => {
      if (wanted.every((word) => label.includes(word))) found.push(node);
    });
    const begins = (node: number) => (this.folded[node].startsWith(wanted[0]) ? 0 : 1);
    const { count } = this.network.nodes;
    return found.sort((a, b) => begins(a) - begins(b) || count[b] - count[a] || a - b).slice(0, MOST);
  }
}

export function searchBox(
  network: Network,
  index: Index,
  name: { id: string; label: string; placeholder: string },
  pick: (node: number) => void,
): HTMLElement {
  const list = el("ul", { role: "listbox", id: `${name.id}-found`, "aria-label": name.label, hidden: "" });
  const input = el("input", {
    id: name.id,
    type: "search",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: name.placeholder,
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  });
  let found: number[] = [];
  let active = -1;

  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (node: number) => {
    input.value = "";
    close();
    pick(node);
  };
  const mark = (at: number) => {
    active = at;
    list.querySelectorAll("[role=option]").forEach((option, i) => {
      option.setAttribute("aria-selected", String(i === at));
      if (i === at) input.setAttribute("aria-activedescendant", option.id);
    });
  };
  const show = () => {
    found = index.find(input.value);
    const options = found.map((node, i) => {
      const kind = network.kinds[network.nodes.kind[node]].name;
      const option = el("li", { role: "option", id: `${name.id}-${i}` }, words(network.nodes.label[node]));
      option.append(el("small", {}, kind));
      option.addEventListener("mousedown", (event) => event.preventDefault());
      option.addEventListener("click", () => choose(node));
      return option;
    });
    if (!options.length && input.value.trim())
      options.push(el("li", { class: "none" }, "Nothing is called that."));
    list.replaceChildren(...options);
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark(found.length ? 0 : -1);
  };
  const keys: Record<string, () => void> = {
    ArrowDown: () => found.length && mark((active + 1) % found.length),
    ArrowUp: () => found.length && mark((active + found.length - 1) % found.length),
    Enter: () => !list.hidden && active >= 0 && choose(found[active]),
    Escape: () => {
      input.value = "";
      close();
    },
  };
  input.addEventListener("input", show);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (!(event.key in keys)) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  return el("div", { class: "search" }, el("label", { for: name.id }, name.label), input, list);
}
