// Names that a facet does not list: typed into a field, suggested by the server, added as a choice.

import { html, LitElement } from "lit";

interface Suggestion {
  iri: string;
  label: string;
  kind: string;
}

const WAIT_MS = 150; // after a key, before the server is asked

/** `<ekg-suggest data-name="actor">` in the fieldset of that facet. */
class Suggest extends LitElement {
  static override properties = { found: { state: true } };
  declare found: Suggestion[];
  #waiting = 0;
  #asking: AbortController | undefined;

  constructor() {
    super();
    this.found = [];
  }

  protected override createRenderRoot(): this {
    return this;
  }

  get #name(): string {
    return this.dataset.name ?? "";
  }

  protected override render(): unknown {
    const list = `suggest-${this.#name}`;
    return html`<input list=${list} aria-label=${`find another: ${this.#name}`} placeholder="find another …"
        autocomplete="off" maxlength="100" @input=${this.#typed} @change=${this.#chosen} />
      <datalist id=${list}>${this.found.map((one) => html`<option value=${one.label}></option>`)}</datalist>`;
  }

  #typed(event: Event): void {
    const text = (event.target as HTMLInputElement).value;
    window.clearTimeout(this.#waiting);
    if (this.found.some((one) => one.label === text)) return;
    this.#waiting = window.setTimeout(() => void this.#ask(text), WAIT_MS);
  }

  async #ask(text: string): Promise<void> {
    this.#asking?.abort();
    this.#asking = new AbortController();
    const view = document.querySelector<HTMLInputElement>("form.facets [name=view]")?.value ?? "";
    const asked = new URLSearchParams({ q: text, kind: this.#name, ...(view && { view }) });
    try {
      const answer = await fetch(`/api/v1/suggest?${asked}`, { signal: this.#asking.signal });
      this.found = answer.ok ? ((await answer.json()).suggestions as Suggestion[]) : [];
    } catch {
      this.found = []; // asked again meanwhile, or nobody answers: the field is only a help
    }
  }

  #chosen(event: Event): void {
    const field = event.target as HTMLInputElement;
    const one = this.found.find((each) => each.label === field.value);
    if (!one) return;
    const choice = document.createElement("input");
    choice.type = "hidden";
    choice.name = this.#name;
    choice.value = one.iri;
    field.value = "";
    this.append(choice);
    this.closest("form")?.requestSubmit();
  }
}

customElements.define("ekg-suggest", Suggest);
