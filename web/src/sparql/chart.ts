// An answer as a chart: a network where two columns are IRIs, bars where a column has numbers.

import { unpack } from "../network/data";
import { Frame, foldFilters } from "../network/frame";
import { el, svg, words } from "../shared/dom";
import { pageLink } from "../shared/pages";
import type { Places, Ties } from "./layout";
import { type Columns, gather, iris, type Kind, MOST_NODES, numbers, pack } from "./packing";
import type { Answer } from "./reading";
import { isNumber, type Prefixes, shorten } from "./terms";

const MOST_BARS = 50;

/** What a chart needs to know of the page. */
export interface Around {
  prefixes: Prefixes;
  kinds: Kind[];
  view: string;
  parts: HTMLTemplateElement;
}

export class Chart {
  readonly element = el("div", { class: "chart" });
  private readonly place = el("div", {});
  private readonly columns: Columns;
  private frame: Frame | undefined;
  private worker: Worker | undefined;

  constructor(
    private readonly answer: Answer,
    private readonly around: Around,
  ) {
    const [ends, counted] = [iris(answer), numbers(answer)];
    this.columns = { from: ends[0] ?? "", to: ends[1] ?? "", number: counted[0] ?? "" };
    if (ends.length > 1) {
      this.element.append(
        el(
          "p",
          { class: "choose" },
          ...this.chooser("from", "from", ends, false),
          ...this.chooser("to", "to", ends, false),
          ...this.chooser("number", "thicker by", counted, true),
        ),
      );
    }
    this.element.append(this.place);
    this.draw(ends.length > 1);
  }

  close(): void {
    this.worker?.terminate();
    this.frame?.close();
    this.frame = undefined;
  }

  private chooser(name: keyof Columns, said: string, offered: string[], none: boolean): HTMLElement[] {
    const options = none ? ["", ...offered] : offered;
    const made = el(
      "select",
      { id: `chart-${name}` },
      ...options.map((one) => el("option", { value: one }, one || "number of rows")),
    );
    made.value = this.columns[name];
    made.addEventListener("change", () => {
      this.columns[name] = made.value;
      this.draw(true);
    });
    return [el("label", { for: made.id }, said), made];
  }

  private draw(asNetwork: boolean): void {
    this.close();
    if (asNetwork) this.network();
    else if (this.columns.number)
      this.place.replaceChildren(bars(this.answer, this.columns.number, this.around));
    else
      this.say(
        "There is nothing to draw: a chart needs two columns of IRIs, or a column of numbers beside another.",
      );
  }

  private say(text: string): void {
    this.place.replaceChildren(el("p", { class: "empty", role: "status" }, text));
  }

  private network(): void {
    const found = gather(this.answer, this.columns, this.around.prefixes);
    this.say(found.ties.length ? "The page arranges the network…" : "No row has an IRI in both columns.");
    if (!found.ties.length) return;
    const worker = new Worker(new URL("./layout.js", import.meta.url), { type: "module" });
    this.worker = worker;
    worker.onerror = () => this.say("The browser could not arrange the network.");
    worker.onmessage = ({ data }: MessageEvent<Places>) => {
      worker.terminate();
      const unit = this.columns.number ? "point" : "row";
      const drawn = el("div", { class: "network" });
      drawn.append(this.around.parts.content.cloneNode(true));
      const left = `The first ${MOST_NODES.toLocaleString()} nodes; more would not be told apart.`;
      this.place.replaceChildren(...(found.left ? [el("p", {}, left)] : []), drawn);
      foldFilters(drawn);
      this.frame = new Frame(unpack(pack(found, data, this.around.kinds, unit)), {
        keys: drawn,
        link: (iri) => pageLink(iri, this.around.view),
      });
      void this.frame.draw();
    };
    const ties: Ties = {
      nodes: found.labels.length,
      source: found.ties.map((tie) => tie.source),
      target: found.ties.map((tie) => tie.target),
    };
    worker.postMessage(ties);
  }
}

/** A bar a row, as long as its number is large; the numbers stand beside them. */
function bars(answer: Answer, number: string, around: Around): HTMLElement {
  const name = answer.vars.find((one) => one !== number) ?? "";
  const rows = answer.rows.filter((row) => isNumber(row[number])).slice(0, MOST_BARS);
  const values = rows.map((row) => Number(row[number]?.value));
  const most = Math.max(...values.map(Math.abs)) || 1;
  const body = rows.map((row, i) => {
    const label = row[name];
    const said = label
      ? label.type === "uri"
        ? shorten(label.value, around.prefixes)
        : label.value
      : `row ${i + 1}`;
    const bar = svg("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" });
    bar.append(
      svg("rect", {
        width: (Math.abs(values[i]) / most) * 100,
        height: 8,
        class: values[i] < 0 ? "below" : "",
      }),
    );
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, words(said)),
      el("td", { class: "meter" }, bar),
      el("td", { class: "number" }, values[i].toLocaleString()),
    );
  });
  const left = answer.rows.length > rows.length || answer.more;
  const caption = `${number}${name ? ` by ${name}` : ""}${left ? `, the first ${rows.length} rows` : ""}`;
  return el("table", { class: "bar-chart" }, el("caption", {}, caption), el("tbody", {}, ...body));
}
