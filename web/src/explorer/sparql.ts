// The SPARQL page: the form of the server with an editor in it, and its answer as table, chart or text.

import { html, LitElement, nothing } from "lit";
import { fetched, Problem, Ticker } from "../shared/waiting";
import { Chart } from "../sparql/chart";
import type { Vocabulary } from "../sparql/completion";
import { QueryEditor } from "../sparql/editor";
import { Asked } from "../sparql/history";
import type { Kind } from "../sparql/packing";
import { type Answer, ask, MOST_ROWS, MOST_SHOWN } from "../sparql/reading";
import { rendered } from "../sparql/rendered";
import { ResultTable } from "../sparql/table";
import type { Prefixes } from "../sparql/terms";

/** What the server gives the page beside its elements: see src/eventkg/serve/pages/sparql.py. */
interface Settings {
  prefixes: Prefixes;
  kinds: Kind[];
  vocabulary: string;
  suggest: string;
  view: string;
  limit: number;
}

type Show = "table" | "chart" | "text";
const LONGEST_LINK = 60_000; // characters that browsers and servers between still carry

/** `<ekg-sparql>` around the form and the answer that the server rendered. */
class SparqlPage extends LitElement {
  readonly #asked = new Asked();
  readonly #ticker = new Ticker((seconds) => this.#tick(seconds));
  #settings: Settings | undefined;
  #editor: QueryEditor | undefined;
  #answer: Answer | undefined;
  #chart: Chart | undefined;
  #show: Show = "table";
  #running: AbortController | undefined;
  #seconds = 0;
  #said = "";
  #problem = "";

  protected override createRenderRoot(): HTMLElement {
    return this.querySelector<HTMLElement>("#asking") ?? this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const form = this.querySelector("form");
    const field = form?.querySelector("textarea");
    const script = this.querySelector("script[type='application/json']");
    if (!form || !field || !script) return;
    this.#settings = JSON.parse(script.textContent ?? "{}") as Settings;
    this.#write(form, field, this.#settings);
    addEventListener("popstate", () => location.reload());
    const answer = rendered(this);
    if (!answer) return;
    this.#answer = answer;
    this.#said = told(answer);
    this.#results();
  }

  #write(form: HTMLFormElement, field: HTMLTextAreaElement, settings: Settings): void {
    const host = document.createElement("div");
    host.className = "editor";
    host.style.minHeight = `${field.offsetHeight}px`;
    field.before(host);
    field.hidden = true;
    field.required = false;
    const none: Vocabulary = { prefixes: settings.prefixes, words: [] };
    const vocabulary = settings.vocabulary
      ? (fetched(settings.vocabulary) as Promise<Vocabulary>).catch(() => none)
      : Promise.resolve(none);
    const editor = new QueryEditor(host, field.value, vocabulary, settings.suggest, settings.view, {
      ask: () => void this.#ask(),
      leave: () => form.querySelector("button")?.focus(),
    });
    this.#editor = editor;
    form.querySelector("label[for=query]")?.addEventListener("click", () => editor.focus());
    form.addEventListener("submit", (event) => {
      field.value = editor.text;
      if (new FormData(form).get("format")) return;
      event.preventDefault();
      void this.#ask();
    });
    const problem = this.querySelector<HTMLElement>(".problem[data-line]");
    if (problem) {
      const { line, column } = problem.dataset;
      editor.mark(problem.textContent ?? "", Number(line), Number(column));
    }
    Object.assign(document.documentElement.dataset, { ready: "yes" });
  }

  protected override render(): unknown {
    const { limit = 0 } = this.#settings ?? {};
    const waiting = html`<span aria-hidden="true">${this.#seconds} s of at most ${limit} s</span>
      <progress aria-label="Time used" max=${limit} value=${this.#seconds}></progress>
      <button type="button" class="quiet" @click=${() => this.#cancel()}>Cancel</button>`;
    return html`<p class="tools">
        <button type="button" class="quiet" @click=${() => void this.#share()}>Copy a link</button>
        <span class="muted">Ctrl+Enter asks, Ctrl+Space completes, Tab leaves the editor. An answer may take ${limit} s.</span>
      </p>
      ${this.#history()}
      <p class="state"><span role="status">${this.#said}</span> ${this.#running ? waiting : nothing}</p>
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}`;
  }

  #history(): unknown {
    const { queries } = this.#asked;
    if (!queries.length) return nothing;
    const entry = (query: string) =>
      html`<li><button type="button" class="quiet" @click=${() => this.#take(query)}>${firstWords(query)}</button></li>`;
    return html`<details class="history"><summary>Asked before (${queries.length})</summary>
      <ol>${queries.map(entry)}</ol>
      <button type="button" class="quiet" @click=${() => this.#forget()}>Forget them</button></details>`;
  }

  #take(query: string): void {
    if (!this.#editor) return;
    this.#editor.text = query;
    this.#editor.focus();
  }

  #forget(): void {
    this.#asked.forget();
    this.#tell("Forgotten.");
  }

  #tell(said: string, problem = ""): void {
    [this.#said, this.#problem] = [said, problem];
    this.requestUpdate();
  }

  #tick(seconds: number): void {
    this.#seconds = seconds;
    this.requestUpdate();
  }

  /** The address of the query in the editor, in the view in force. */
  #address(): string {
    const asked = new URLSearchParams({ query: this.#editor?.text ?? "" });
    if (this.#settings?.view) asked.set("view", this.#settings.view);
    return `/sparql?${asked}`;
  }

  async #share(): Promise<void> {
    const address = this.#address();
    if (address.length > LONGEST_LINK) return this.#tell("The query is too long for a link.");
    const link = new URL(address, location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      this.#tell("The link is in the clipboard.");
    } catch {
      this.#tell(`The browser keeps the clipboard to itself; the link is ${link}`);
    }
  }

  #cancel(): void {
    this.#running?.abort();
  }

  async #ask(): Promise<void> {
    const [editor, settings] = [this.#editor, this.#settings];
    if (!editor || !settings || !editor.text.trim()) return;
    this.#running?.abort();
    const stop = new AbortController();
    this.#running = stop;
    this.#begin(editor);
    try {
      const answer = await ask(editor.text, settings.view, stop);
      if (this.#running !== stop) return;
      this.#asked.add(editor.text);
      this.#finish(told(answer));
      this.#answer = answer;
      this.#results();
    } catch (problem) {
      if (this.#running === stop) this.#fail(problem, editor, stop.signal.aborted);
    }
  }

  #begin(editor: QueryEditor): void {
    editor.mark("");
    this.querySelector(".problem[data-line], .problem[data-asked]")?.remove();
    const address = this.#address();
    if (address.length < LONGEST_LINK && address !== location.pathname + location.search)
      history.pushState(null, "", address);
    this.querySelector("#answer")?.setAttribute("aria-busy", "true");
    this.#tell("The graph is asked…");
    this.#ticker.start();
  }

  #finish(said: string, problem = ""): void {
    this.#ticker.stop();
    this.#running = undefined;
    this.querySelector("#answer")?.setAttribute("aria-busy", "false");
    this.#tell(said, problem);
  }

  #fail(problem: unknown, editor: QueryEditor, cancelled: boolean): void {
    if (cancelled) {
      this.#finish(`Cancelled after ${this.#seconds} s; the server has stopped.`);
      return;
    }
    const known = problem instanceof Problem ? problem : undefined;
    if (known?.line) editor.mark(known.message, known.line, known.column);
    this.#finish("No answer.", known?.message ?? "The server does not answer.");
  }

  /** The answer in the form that the reader looks at. */
  #results(): void {
    const [place, answer] = [this.querySelector<HTMLElement>("#answer"), this.#answer];
    if (!place || !answer) return;
    this.#chart?.close();
    this.#chart = undefined;
    if (answer.form !== "solutions") this.#show = "table";
    place.replaceChildren(this.#tabs(answer), this.#shown(answer), this.#downloads(answer));
  }

  #tabs(answer: Answer): HTMLElement {
    const tabs = document.createElement("p");
    tabs.className = "shows";
    if (answer.form !== "solutions" || !answer.rows.length) return tabs;
    const names: [Show, string][] = [
      ["table", "Table"],
      ["chart", "Chart"],
      ["text", "As it came"],
    ];
    for (const [show, name] of names) {
      const tab = document.createElement("button");
      Object.assign(tab, { type: "button", className: "quiet", textContent: name });
      tab.setAttribute("aria-pressed", String(show === this.#show));
      tab.addEventListener("click", () => {
        this.#show = show;
        if (show === "text" && !answer.text) void this.#ask();
        else this.#results();
        const pressed = this.querySelector<HTMLElement>(".shows [aria-pressed=true]");
        pressed?.focus();
      });
      tabs.append(tab);
    }
    return tabs;
  }

  #shown(answer: Answer): HTMLElement {
    const settings = this.#settings;
    if (answer.form !== "solutions" || !settings) return pre(answer);
    if (!answer.rows.length) {
      const none = document.createElement("p");
      none.className = "empty";
      none.textContent = "No rows: nothing in the graph fits the query.";
      return none;
    }
    if (this.#show === "text") return pre(answer);
    const parts = this.querySelector<HTMLTemplateElement>("template.picture");
    if (this.#show === "chart" && parts) {
      this.#chart = new Chart(answer, { ...settings, parts });
      return this.#chart.element;
    }
    return new ResultTable(answer, settings.prefixes, settings.view).element;
  }

  /** The server's form with the formats of this answer; it carries a query of any length. */
  #downloads(answer: Answer): DocumentFragment {
    const form = this.querySelector<HTMLTemplateElement>(
      answer.form === "graph" ? "template.for-graphs" : "template.for-rows",
    )?.content.cloneNode(true) as DocumentFragment | undefined;
    const field = form?.querySelector<HTMLTextAreaElement>("textarea");
    if (field) field.value = this.#editor?.text ?? "";
    return form ?? new DocumentFragment();
  }
}

function told(answer: Answer): string {
  const time = answer.seconds < 0 ? "" : ` in ${answer.seconds.toFixed(answer.seconds < 1 ? 3 : 1)} s`;
  if (answer.form !== "solutions") return `Answered${time}.`;
  const rows = `${answer.rows.length.toLocaleString()} row${answer.rows.length === 1 ? "" : "s"}`;
  if (!answer.more) return `${rows}${time}.`;
  const most =
    answer.rows.length < MOST_ROWS ? `; asked again, the page reads up to ${MOST_ROWS.toLocaleString()}` : "";
  return `The first ${rows}${time}; a download has them all${most}.`;
}

function pre(answer: Answer): HTMLElement {
  const made = document.createElement("pre");
  made.tabIndex = 0;
  const short = answer.more || answer.text.length >= MOST_SHOWN;
  const yes = answer.form === "boolean" ? (/true/.test(answer.text) ? "yes" : "no") : "";
  made.textContent = yes || answer.text + (short ? "\n… a download has all of it" : "");
  return made;
}

/** The comment that a query begins with, or its beginning. */
function firstWords(query: string): string {
  const text = query.replace(/^#\s*/, "").replace(/\s+/g, " ").trim();
  const first = query.startsWith("#") ? query.slice(1).split("\n", 1)[0]?.trim() : text;
  return (first || text).slice(0, 90);
}

customElements.define("ekg-sparql", SparqlPage);
