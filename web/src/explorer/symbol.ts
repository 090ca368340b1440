// The map symbol of an actor, an equipment type or a place, drawn from its 20 digits (MIL-STD-2525D).

import { LitElement } from "lit";

/** `<ekg-symbol data-code="…">` around the code in words, which stays where the code means nothing. */
class Drawn extends LitElement {
  protected override createRenderRoot(): this {
    return this;
  }

  protected override firstUpdated(): void {
    void this.#draw(this.getAttribute("data-code") ?? "");
  }

  async #draw(code: string): Promise<void> {
    if (!/^\d{20}$/.test(code)) return;
    const { default: milsymbol } = await import("milsymbol");
    const symbol = new milsymbol.Symbol(code, { size: 60 });
    if (!symbol.isValid()) return;
    const drawing = new DOMParser().parseFromString(symbol.asSVG(), "image/svg+xml").documentElement;
    drawing.setAttribute("role", "img");
    drawing.setAttribute("aria-label", `Map symbol ${code} of MIL-STD-2525D`);
    this.replaceChildren(document.importNode(drawing, true));
  }
}

customElements.define("ekg-symbol", Drawn);
