// The controls that choose what is shown, and the legend that explains it.

import { button, eachFrame, el, svg, words } from "../shared/dom";
import { type Choice, everything } from "./choice";
import { CONTESTED, isoDay, type Network } from "./data";
import { type Index, searchBox } from "./search";

const BINS = 48;
const [WIDTH, HEIGHT] = [240, 44];

export class Filters {
  choice: Choice;
  private readonly parts: HTMLElement;

  constructor(
    private readonly network: Network,
    private readonly index: Index,
    holder: HTMLElement,
    private readonly changed: () => void,
  ) {
    this.choice = everything(network);
    this.parts = el("div", { class: "parts" });
    holder.append(this.parts);
    this.draw();
  }

  only(node: number): void {
    this.choice.nodes.add(node);
    this.draw();
    this.changed();
  }

  private draw(): void {
    const parts = [this.time(), this.actors(), this.statuses(), this.roles()];
    const reset = button("Show everything", () => {
      this.choice = everything(this.network);
      this.draw();
      this.changed();
      reset.focus();
    });
    this.parts.replaceChildren(...parts.filter((part) => part !== undefined), reset);
  }

  private time(): HTMLElement | undefined {
    const days = this.network.days;
    if (!days || days[0] === days[1]) return undefined;
    const told = el("output", { for: "from until", id: "period" });
    const bars = histogram(this.network, days);
    const tell = () => {
      const { from, until } = this.choice;
      told.textContent = `${isoDay(from)} to ${isoDay(until)}`;
      bars.querySelectorAll("rect").forEach((bar) => {
        const [begin, end] = [Number(bar.getAttribute("data-from")), Number(bar.getAttribute("data-until"))];
        bar.classList.toggle("out", end < from || begin > until);
      });
    };
    const change = eachFrame(() => this.changed());
    const slider = (name: "from" | "until", label: string) => {
      const input = el("input", {
        type: "range",
        id: name,
        min: String(days[0]),
        max: String(days[1]),
        value: String(this.choice[name]),
        "aria-label": label,
        "aria-valuetext": isoDay(this.choice[name]),
      });
      input.addEventListener("input", () => {
        const wanted = Number(input.value);
        this.choice[name] =
          name === "from" ? Math.min(wanted, this.choice.until) : Math.max(wanted, this.choice.from);
        input.value = String(this.choice[name]);
        input.setAttribute("aria-valuetext", isoDay(this.choice[name]));
        tell();
        change();
      });
      return input;
    };
    const part = fieldset(
      "Time",
      bars,
      slider("from", "First day shown"),
      slider("until", "Last day shown"),
      told,
    );
    tell();
    return part;
  }

  private actors(): HTMLElement {
    const name = { id: "only", label: "Only the ties of", placeholder: "a name" };
    const box = searchBox(this.network, this.index, name, (node) => {
      this.only(node);
      document.getElementById("only")?.focus();
    });
    const chips = [...this.choice.nodes].map((node) => {
      const label = this.network.nodes.label[node];
      const chip = button(words(label), () => {
        this.choice.nodes.delete(node);
        this.draw();
        this.changed();
        document.getElementById("only")?.focus();
      });
      chip.append(el("span", { class: "sr" }, ": remove"), el("span", { "aria-hidden": "true" }, " ✕"));
      return el("li", {}, chip);
    });
    const further = check("and the ties of their neighbours", this.choice.further, (on) => {
      this.choice.further = on;
      this.changed();
    });
    const more = chips.length ? [el("ul", { class: "chips" }, ...chips), further] : [];
    return fieldset("Who", box, ...more);
  }

  private statuses(): HTMLElement | undefined {
    const found = tally(this.network.statuses.length, this.network.ties.standing, this.network.ties.status);
    return this.boxes("Status", this.network.statuses, found, this.choice.statuses);
  }

  private roles(): HTMLElement | undefined {
    const found = tally(this.network.roles.length, this.network.ties.role);
    const names = this.network.roles.map((role) => role.name);
    return this.boxes("Tie", names, found, this.choice.roles);
  }

  private boxes(title: string, names: string[], found: number[], chosen: boolean[]): HTMLElement | undefined {
    const boxes = names.flatMap((name, i) => {
      if (!found[i]) return [];
      const box = check(name, chosen[i], (on) => {
        chosen[i] = on;
        this.changed();
      });
      if (title === "Status" && i === CONTESTED) box.prepend(line("contested"));
      box.append(el("small", {}, found[i].toLocaleString("en")));
      return [box];
    });
    return boxes.length ? fieldset(title, ...boxes) : undefined;
  }
}

function tally(size: number, ...columns: number[][]): number[] {
  const found = new Array<number>(size).fill(0);
  const [first, second] = columns;
  for (const one of first.length || !second ? first : second) found[one]++;
  return found;
}

function fieldset(title: string, ...parts: (Node | string)[]): HTMLElement {
  return el("fieldset", {}, el("legend", {}, title), ...parts);
}

function check(text: string, on: boolean, change: (on: boolean) => void): HTMLElement {
  const box = el("input", { type: "checkbox" });
  box.checked = on;
  box.addEventListener("change", () => change(box.checked));
  return el("label", { class: "check" }, box, words(text));
}

/** Events that begin in each of so many equal spans of time. */
function histogram(network: Network, [low, high]: [number, number]): SVGElement {
  const span = Math.max(1, (high - low + 1) / BINS);
  const bins = new Array<number>(Math.ceil((high - low + 1) / span)).fill(0);
  for (const day of network.begun) if (!Number.isNaN(day)) bins[Math.floor((day - low) / span)]++;
  const most = Math.max(...bins);
  const chart = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "bars", "aria-hidden": "true" });
  const width = WIDTH / bins.length;
  bins.forEach((number, i) => {
    const height = number ? Math.max(1.5, (number / most) * HEIGHT) : 0;
    const bar = svg("rect", { x: i * width, y: HEIGHT - height, width: Math.max(0.5, width - 0.8), height });
    bar.setAttribute("data-from", String(Math.floor(low + i * span)));
    bar.setAttribute("data-until", String(Math.ceil(low + (i + 1) * span) - 1));
    chart.append(bar);
  });
  return chart;
}

/** A line as it is drawn: plain, against or contested. */
function line(kind: string): SVGElement {
  const mark = svg("svg", { viewBox: "0 0 26 8", class: `line ${kind}`, "aria-hidden": "true" });
  mark.append(svg("path", { d: "M0 4H26" }));
  return mark;
}

export function legend(network: Network, colours: string[]): HTMLElement[] {
  const used = new Set(network.nodes.kind);
  const kinds = network.kinds.flatMap((kind, i) => {
    if (!used.has(i)) return [];
    const dot = svg("svg", { viewBox: "0 0 12 12", class: "dot", "aria-hidden": "true" });
    dot.append(svg("circle", { cx: 6, cy: 6, r: 5.5, fill: colours[i] }));
    return [el("li", {}, dot, kind.name)];
  });
  const ties: [string, string][] = [["plain", "tie"]];
  if (network.roles.some((role) => role.sign < 0)) ties.push(["against", "on opposite sides"]);
  if (network.ties.standing.includes(CONTESTED) || network.ties.status.includes(CONTESTED))
    ties.push(["contested", "contested: one asserts it, another objects"]);
  const lines = ties.map(([kind, text]) => el("li", {}, line(kind), text));
  const unit = network.unit;
  return [
    el("ul", { class: "legend" }, ...kinds, ...lines),
    el(
      "p",
      {},
      `Larger circles and thicker lines: more ${unit}s. Nearness says only who is tied, not where.`,
    ),
  ];
}
