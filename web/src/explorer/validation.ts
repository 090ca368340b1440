// The validation page while the check runs: tells how far it is, and shows the findings when it is done.

import { html, LitElement, nothing } from "lit";
import { Problem, problemOf } from "../shared/waiting";

/** What /api/v1/validation says with status 202: see src/eventkg/serve/validation.py. */
interface Step {
  constraint: number;
  constraints: number;
  shape: string;
}

/** `<ekg-validation>` in place of the words of the server, which a reader without script reloads. */
class Validation extends LitElement {
  #step: Step | undefined;
  #problem = "";

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#follow();
  }

  protected override render(): unknown {
    if (!this.#step && !this.#problem) return nothing; // the server's words stand until there are newer ones
    if (this.#problem) return html`<p class="problem" role="alert">${this.#problem}</p>`;
    const { constraint = 0, constraints = 0, shape = "" } = this.#step ?? {};
    const at = constraints ? `: constraint ${constraint} of ${constraints}` : "";
    return html`<p role="status">The check is at work${at}. Its findings appear when it is done.</p>
      <p class="muted">${shape ? html`Now: <code>${shape}</code>` : nothing}</p>
      <progress aria-label="Constraints looked at" max=${constraints || 1} value=${constraint}></progress>`;
  }

  /** Each request waits some seconds for the check's end. */
  async #follow(): Promise<void> {
    try {
      while (this.isConnected) {
        const response = await fetch("/api/v1/validation?wait=1");
        if (response.status === 200) return location.reload();
        if (response.status !== 202) throw await problemOf(response);
        if (!this.#step) for (const old of [...this.children]) old.remove();
        this.#step = (await response.json()) as Step;
        this.requestUpdate();
        await new Promise((done) => setTimeout(done, 500));
      }
    } catch (problem) {
      this.#problem = problem instanceof Problem ? problem.message : "The server does not answer.";
      this.requestUpdate();
    }
  }
}

customElements.define("ekg-validation", Validation);
