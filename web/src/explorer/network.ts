// The network page: fetches what the server has arranged, and draws it as the exports do.

import { html, LitElement, nothing } from "lit";
import { type Packed, unpack } from "../network/data";
import { Frame, foldFilters } from "../network/frame";
import { count, el } from "../shared/dom";
import { pageLink } from "../shared/pages";
import { fetched, Problem, Ticker } from "../shared/waiting";

interface Credit {
  source: string;
  title: string;
  licence: string;
  citation: string;
  passed_on: boolean;
}

/** What /api/v1/network says: see src/eventkg/kg/networkfiles.py. */
interface Answer {
  view: string;
  chosen: string;
  state: string;
  nodes: number;
  ties: number;
  credits: Credit[];
  covered: string[];
  empty: string;
  network: Packed;
}

/** `<ekg-network>` around the hidden parts of the picture; it says how far it is, and what went wrong. */
class NetworkPicture extends LitElement {
  #said: unknown = nothing;
  #ticker = new Ticker((seconds) => this.#say(this.#waiting(seconds)));

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#ticker.stop();
  }

  protected override render(): unknown {
    return html`<div class="waiting">${this.#said}</div>`;
  }

  #say(said: unknown): void {
    this.#said = said;
    this.requestUpdate();
  }

  #waiting(seconds: number): unknown {
    const limit = Number(this.dataset.limit);
    return html`<p role="status">The server draws the network…</p>
      <p aria-hidden="true">${seconds} s of at most ${limit} s <progress max=${limit} value=${seconds}></progress></p>`;
  }

  async #load(): Promise<void> {
    this.#ticker.start();
    try {
      const answer = (await fetched(this.dataset.address ?? "")) as Answer;
      this.#ticker.stop();
      if (answer.nodes) await this.#draw(answer);
      else this.#say(html`<p class="empty" role="status">Nothing is tied here: ${answer.empty}.</p>`);
      this.append(foot(answer));
    } catch (problem) {
      this.#ticker.stop();
      const why = problem instanceof Problem ? problem.message : "The server does not answer.";
      this.#say(html`<p class="problem" role="alert">${why}</p>`);
    }
  }

  async #draw(answer: Answer): Promise<void> {
    const place = this.querySelector<HTMLElement>(".network");
    if (!place) return;
    this.#say(nothing);
    place.hidden = false;
    foldFilters(place);
    const frame = new Frame(unpack(answer.network), {
      keys: place,
      link: (iri) => pageLink(iri, this.dataset.view ?? ""),
    });
    Object.assign(window, { eventkg: frame.places });
    await frame.draw();
  }
}

/** Whose world, of which state, from which sources, and what those cover. */
function foot(answer: Answer): HTMLElement {
  const credits = answer.credits.map((one) => {
    const parts = [one.title || one.source, one.licence || "licence not stated", one.citation];
    const kept = one.passed_on ? "" : " Its records may not be passed on.";
    return el("li", {}, `${parts.filter(Boolean).join(". ")}.${kept}`);
  });
  const covered = answer.covered.map((said) => el("li", {}, said));
  return el(
    "div",
    { class: "foot" },
    el(
      "p",
      {},
      `${count(answer.nodes, "node")} and ${count(answer.ties, "tie")} in the world of ${answer.view}.`,
    ),
    ...(answer.chosen ? [el("p", {}, `Chosen: ${answer.chosen}.`)] : []),
    el("p", {}, `State: ${answer.state}.`),
    ...(credits.length ? [el("p", {}, "Sources:"), el("ul", {}, ...credits, ...covered)] : []),
  );
}

customElements.define("ekg-network", NetworkPicture);
