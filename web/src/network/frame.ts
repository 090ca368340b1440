// The picture of a network with its search, filters, details and table, on the elements of static/frame.html.

import { apart } from "../shared/colours";
import { byId, count, eachFrame, el } from "../shared/dom";
import { Card } from "./card";
import { choose, type Shown } from "./choice";
import type { Network } from "./data";
import { type Actions, nodeDetails, tieDetails } from "./details";
import { Filters, legend } from "./filters";
import type { Palette, Picture, Thing } from "./picture";
import { Index, searchBox } from "./search";
import { tieTable } from "./table";

function palette(): Palette {
  const style = getComputedStyle(byId("stage"));
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: read("ink"),
    ground: read("ground"),
    plain: read("plain"),
    against: read("against"),
    contested: read("contested"),
  };
}

function canDraw(): boolean {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
}

/** On a narrow screen the picture comes first, and the filters when they are asked for. */
export function foldFilters(place: HTMLElement): void {
  const side = place.querySelector<HTMLDetailsElement>("#side");
  if (side && matchMedia("(width < 62rem)").matches) side.open = false;
}

/** Where the picture stands: what hears its keys, and how an IRI is linked. */
export interface Setting {
  keys: HTMLElement | Document;
  link(iri: string): HTMLElement;
}

export class Frame {
  private readonly index: Index;
  private readonly filters: Filters;
  private readonly stage = byId("stage");
  private readonly panel = byId("details");
  private readonly card = new Card(byId("stage-area"));
  private shown: Shown;
  private picture: Picture | undefined;
  private picked: Thing | undefined;
  private asTable = false;
  private before: HTMLElement | undefined; // where the reader was when the panel opened
  private readonly actions: Actions = {
    pick: (thing) => this.pick(thing),
    only: (node) => this.filters.only(node),
    goTo: (node) => this.goTo(node),
    link: (iri) => this.setting.link(iri),
  };
  private readonly ended = new AbortController();

  constructor(
    private readonly network: Network,
    private readonly setting: Setting,
  ) {
    this.index = new Index(network);
    this.filters = new Filters(network, this.index, byId("filters"), () => this.update());
    this.shown = choose(network, this.filters.choice);
    const name = { id: "search", label: "Find", placeholder: "a name" };
    byId("seek").append(searchBox(network, this.index, name, (node) => this.goTo(node)));
    byId("as-picture").addEventListener("click", () => this.switchTo(false));
    byId("as-table").addEventListener("click", () => this.switchTo(true));
    byId("close").addEventListener("click", () => this.pick(undefined));
    const { signal } = this.ended;
    setting.keys.addEventListener("keydown", (event) => this.key(event as KeyboardEvent), { signal });
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", () => this.recolour(), { signal });
    this.recolour();
    this.tell();
  }

  async draw(): Promise<void> {
    if (!this.network.nodes.iri.length)
      return this.say("There is nothing to draw: no event meets what was chosen.");
    if (!canDraw())
      return this.say(
        "This browser cannot draw the picture: WebGL is missing or switched off. The ties are in the table below.",
      );
    const { Picture } = await import("./picture");
    if (this.ended.signal.aborted) return;
    this.picture = new Picture(this.network, this.stage, this.shown, palette(), {
      hover: eachFrame((thing, x, y) => this.hover(thing, x, y)),
      pick: (thing) => this.pick(thing),
    });
    for (const [id, act] of [
      ["zoom-in", () => this.picture?.zoom(1 / 1.5)],
      ["zoom-out", () => this.picture?.zoom(1.5)],
      ["zoom-whole", () => this.picture?.whole()],
    ] as const)
      byId(id).addEventListener("click", act);
    this.stage.addEventListener("webglcontextlost", () => this.say(LOST), true);
    byId("zoom").hidden = false;
    Object.assign(document.documentElement.dataset, { drawn: "yes" });
  }

  /** Lets go of the picture: its elements may be taken away. */
  close(): void {
    this.ended.abort();
    this.picture?.close();
    this.picture = undefined; // what is still to come finds none
  }

  /** Where things are on the stage, for whoever drives the page from outside. */
  get places() {
    return {
      node: (label: string) => this.picture?.placeOf(this.network.nodes.label.indexOf(label)),
      tie: (tie: number) => this.picture?.middleOf(tie),
    };
  }

  private say(text: string): void {
    byId("message").replaceChildren(el("p", {}, text));
    byId("message").hidden = false;
    byId("as-picture").setAttribute("disabled", "");
    this.switchTo(true);
  }

  private switchTo(table: boolean): void {
    this.asTable = table;
    byId("as-picture").setAttribute("aria-pressed", String(!table));
    byId("as-table").setAttribute("aria-pressed", String(table));
    byId("table").hidden = !table;
    byId("stage-area").hidden = table;
    this.card.hide();
    this.list();
  }

  private list(): void {
    if (this.asTable)
      byId("table").replaceChildren(tieTable(this.network, this.shown, (thing) => this.pick(thing)));
  }

  private update(): void {
    this.shown = choose(this.network, this.filters.choice);
    this.picture?.show(this.shown);
    this.tell();
    this.list();
    if (this.picked) this.open(this.picked);
  }

  private tell(): void {
    const nodes = this.shown.nodes.reduce((sum, one) => sum + one, 0);
    const { iri } = this.network.nodes;
    const all = this.network.ties.source.length;
    const of = (shown: number, total: number) => (shown < total ? ` of ${total.toLocaleString("en")}` : "");
    byId("counts").textContent =
      `${count(nodes, "node")}${of(nodes, iri.length)}, ${count(this.shown.ties, "tie")}${of(this.shown.ties, all)} shown`;
  }

  private goTo(node: number): void {
    this.pick({ node });
    if (this.asTable && byId("message").hidden) this.switchTo(false);
    this.picture?.goTo(node);
  }

  private hover(thing: Thing | undefined, x: number, y: number): void {
    this.picture?.highlight(thing ?? this.picked);
    if (thing) this.card.show(this.network, this.shown, thing, x, y);
    else this.card.hide();
  }

  private pick(thing: Thing | undefined): void {
    if (!this.picked && thing) this.before = document.activeElement as HTMLElement;
    this.picked = thing;
    this.picture?.highlight(thing);
    if (thing) {
      this.open(thing);
      this.panel.querySelector("h2")?.focus();
    } else {
      this.panel.hidden = true;
      this.before?.focus();
    }
  }

  private open(thing: Thing): void {
    const parts =
      "node" in thing
        ? nodeDetails(this.network, this.shown, thing.node, this.actions)
        : tieDetails(this.network, this.filters.choice, this.shown, thing.tie, this.actions);
    parts[0].setAttribute("tabindex", "-1");
    byId("told").replaceChildren(...parts);
    this.panel.hidden = false;
  }

  private key(event: KeyboardEvent): void {
    const writing = event.target instanceof Element && event.target.matches(WRITING);
    if (event.key === "Escape" && this.picked) this.pick(undefined);
    else if (event.key === "/" && !writing) {
      event.preventDefault();
      byId("search").focus();
    }
  }

  private recolour(): void {
    const now = palette();
    this.picture?.recolour(now);
    const colours = this.network.kinds.map((kind) => apart(kind.colour, now.ground));
    byId("legend").replaceChildren(...legend(this.network, colours));
  }
}

const WRITING = "input:not([type=checkbox], [type=range]), textarea, select, [contenteditable]";
const LOST =
  "The browser has given up the picture (WebGL was lost). The ties are in the table; load the page again to draw it.";
