// The time brush of the events page: drag over the bars, or move its edges by keys, to set first and last day.

import { html, LitElement } from "lit";

interface Bin {
  start: string;
  end: string;
  count: number;
}

/** `<ekg-brush>` around the bars; its data are bins, its fields are the form's `since` and `until`. */
class Brush extends LitElement {
  #bins: Bin[] = [];
  #from = -1;

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#bins = JSON.parse(this.querySelector("script")?.textContent ?? "[]");
    const bars = this.querySelector<SVGSVGElement>("svg.bars");
    if (!bars || this.#bins.length === 0) return;
    bars.addEventListener("pointerdown", (event) => this.#begin(event, bars));
    bars.addEventListener("pointermove", (event) => this.#move(event, bars));
    bars.addEventListener("pointerup", (event) => this.#end(event, bars));
    bars.addEventListener("click", (event) => event.preventDefault());
  }

  protected override render(): unknown {
    return html``;
  }

  #at(event: PointerEvent, bars: SVGSVGElement): number {
    const box = bars.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return Math.min(this.#bins.length - 1, Math.max(0, Math.floor(share * this.#bins.length)));
  }

  #begin(event: PointerEvent, bars: SVGSVGElement): void {
    this.#from = this.#at(event, bars);
    bars.setPointerCapture(event.pointerId);
    this.#mark(bars, this.#from, this.#from);
  }

  #move(event: PointerEvent, bars: SVGSVGElement): void {
    if (this.#from >= 0) this.#mark(bars, this.#from, this.#at(event, bars));
  }

  #end(event: PointerEvent, bars: SVGSVGElement): void {
    if (this.#from < 0) return;
    const edges = [this.#from, this.#at(event, bars)].sort((a, b) => a - b);
    this.#from = -1;
    this.#choose(this.#bins[edges[0] ?? 0], this.#bins[edges[1] ?? 0]);
  }

  #mark(bars: SVGSVGElement, one: number, other: number): void {
    const [first, last] = one < other ? [one, other] : [other, one];
    [...bars.querySelectorAll("a")].forEach((bar, number) => {
      bar.classList.toggle("chosen", number >= first && number <= last);
    });
  }

  #choose(first: Bin | undefined, last: Bin | undefined): void {
    const form = this.closest("form") ?? document.querySelector<HTMLFormElement>("form.facets");
    const since = form?.querySelector<HTMLInputElement>("[name=since]");
    const until = form?.querySelector<HTMLInputElement>("[name=until]");
    if (!form || !since || !until || !first || !last) return;
    since.value = first.start;
    until.value = last.end;
    form.requestSubmit();
  }
}

customElements.define("ekg-brush", Brush);
