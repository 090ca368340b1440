// Elements made without a line of markup: what users wrote only ever becomes text.

type Child = Node | string;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function svg(tag: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element ${id} in the page`);
  return found as T;
}

/** Text of a stranger, in its own direction whatever stands around it. */
export function words(text: string): HTMLElement {
  return el("bdi", { dir: "auto" }, text);
}

/** A link where the IRI is one that a browser may follow, else its text. */
export function link(iri: string, text: string = iri): HTMLElement {
  if (!/^https?:\/\//i.test(iri)) return el("span", { class: "iri" }, text);
  return el("a", { class: "iri", href: iri, rel: "noopener noreferrer", target: "_blank" }, text);
}

export function button(
  text: Child,
  act: () => void,
  attributes: Record<string, string> = {},
): HTMLButtonElement {
  const made = el("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", act);
  return made;
}

export const count = (n: number, unit: string): string =>
  `${n.toLocaleString("en")} ${unit}${n === 1 ? "" : "s"}`;

/** Runs at most once a frame, with what it was last called with. */
export function eachFrame<A extends unknown[]>(work: (...given: A) => void): (...given: A) => void {
  let last: A | undefined;
  return (...given) => {
    const waiting = last !== undefined;
    last = given;
    if (!waiting)
      requestAnimationFrame(() => {
        const now = last as A;
        last = undefined;
        work(...now);
      });
  };
}
