// IRIs as links: ours lead to their pages on this server, in the view in force; others to where they are.

import { el, link } from "./dom";

const OURS = "https://w3id.org/eventkg/id/";

/** The address on this server, or "" where the IRI is none of ours. */
export function pageOf(iri: string, view: string): string {
  if (!iri.startsWith(OURS)) return "";
  const path = `/page/${iri.slice(OURS.length)}`;
  return view ? `${path}?${new URLSearchParams({ view })}` : path;
}

export function pageLink(iri: string, view: string, text: string = iri): HTMLElement {
  const path = pageOf(iri, view);
  if (!path) return link(iri, text);
  return el("a", { class: "iri", href: path, title: iri, dir: "auto" }, text);
}
