// The rows of an answer as a table: sorted by any column, so many at a time.

import { button, el } from "../shared/dom";
import type { Answer } from "./reading";
import { cell, compare, type Prefixes } from "./terms";

const PAGE = 100;

export class ResultTable {
  readonly element = el("div", { class: "answer-table" });
  private readonly body = el("tbody");
  private readonly told = el("span", { role: "status" });
  private readonly heads: HTMLElement[];
  private readonly order: number[];
  private readonly before = button("Previous", () => this.turn(-PAGE), { class: "quiet" });
  private readonly after = button("Next", () => this.turn(PAGE), { class: "quiet" });
  private first = 0;
  private sorted = { column: "", down: false };

  constructor(
    private readonly answer: Answer,
    private readonly prefixes: Prefixes,
    private readonly view: string,
  ) {
    this.order = answer.rows.map((_, row) => row);
    this.heads = answer.vars.map((name) =>
      el(
        "th",
        { scope: "col" },
        button(name, () => this.sort(name), { class: "sort" }),
      ),
    );
    const table = el("table", {}, el("thead", {}, el("tr", {}, ...this.heads)), this.body);
    const about = { class: "scroll", tabindex: "0", role: "region", "aria-label": "Answer" };
    this.element.append(el("div", about, table));
    if (answer.rows.length > PAGE)
      this.element.append(el("p", { class: "turning" }, this.before, this.told, this.after));
    this.show();
  }

  private turn(by: number): void {
    this.first = Math.max(0, this.first + by);
    this.show();
    this.element.querySelector(".scroll")?.scrollTo({ top: 0 });
  }

  /** Up, then down. */
  private sort(column: string): void {
    this.sorted = { column, down: this.sorted.column === column && !this.sorted.down };
    const { rows } = this.answer;
    const way = this.sorted.down ? -1 : 1;
    this.order.sort((a, b) => way * compare(rows[a]?.[column], rows[b]?.[column]) || a - b);
    this.first = 0;
    this.show();
  }

  private show(): void {
    const { rows, vars } = this.answer;
    const until = Math.min(rows.length, this.first + PAGE);
    this.body.replaceChildren(
      ...this.order
        .slice(this.first, until)
        .map((row) => el("tr", {}, ...vars.map((name) => cell(rows[row]?.[name], this.prefixes, this.view)))),
    );
    this.heads.forEach((head, i) => {
      const { column, down } = this.sorted;
      head.setAttribute("aria-sort", column !== vars[i] ? "none" : down ? "descending" : "ascending");
    });
    const say = (n: number) => n.toLocaleString();
    this.told.textContent = `rows ${say(this.first + 1)} to ${say(until)} of ${say(rows.length)}`;
    this.before.disabled = this.first === 0;
    this.after.disabled = until === rows.length;
  }
}
