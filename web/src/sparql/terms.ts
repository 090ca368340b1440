// Terms as a table shows them: shortened, with what they are, in an order.

import { el, link } from "../shared/dom";
import { pageOf } from "../shared/pages";
import type { Term } from "./reading";

export type Prefixes = Record<string, string>;

const STRING = "http://www.w3.org/2001/XMLSchema#string";
const NUMERIC =
  /#(integer|decimal|double|float|long|int|short|byte|(non)?(positive|negative)Integer|unsigned\w+)$/i;
const LOCAL = /^[\p{L}\p{N}_][\p{L}\p{N}_-]*$/u;

/** `ekg:Event` for the full IRI; the IRI itself where no prefix fits, or the rest is no plain name. */
export function shorten(iri: string, prefixes: Prefixes): string {
  for (const [prefix, namespace] of Object.entries(prefixes))
    if (iri.startsWith(namespace) && LOCAL.test(iri.slice(namespace.length)))
      return `${prefix}:${iri.slice(namespace.length)}`;
  return iri;
}

export const isIri = (term: Term | undefined): term is Term => term?.type === "uri";

export const isNumber = (term: Term | undefined): term is Term =>
  term?.type === "literal" && NUMERIC.test(term.datatype ?? "") && term.value !== "";

/** What a term is: its language, its datatype, or that it is a blank node; "" for IRIs and plain strings. */
export function kindOf(term: Term, prefixes: Prefixes): string {
  if (term["xml:lang"]) return `@${term["xml:lang"]}`;
  if (term.type === "bnode") return "blank node";
  return term.datatype && term.datatype !== STRING ? shorten(term.datatype, prefixes) : "";
}

/** The cell of a term; text of strangers only ever becomes text. */
export function cell(term: Term | undefined, prefixes: Prefixes, view: string): HTMLElement {
  if (!term) return el("td", { class: "unbound" });
  const said = typeof term.value === "string" ? term.value : JSON.stringify(term.value);
  if (term.type === "uri") return el("td", {}, iriLink(said, prefixes, view));
  const about: Record<string, string> = { dir: "auto" };
  if (term["xml:lang"]) about.lang = term["xml:lang"];
  const made = el("td", isNumber(term) ? { class: "number" } : {}, el("span", about, said));
  const kind = kindOf(term, prefixes);
  if (kind) made.append(" ", el("small", { class: "type" }, kind));
  return made;
}

function iriLink(iri: string, prefixes: Prefixes, view: string): HTMLElement {
  const short = shorten(iri, prefixes);
  const page = pageOf(iri, view);
  if (page) return el("a", { href: page, title: iri, dir: "auto" }, short);
  const made = link(iri, short);
  made.setAttribute("title", iri);
  made.setAttribute("dir", "auto");
  return made;
}

const COLLATOR = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** Numbers by size, all else as people sort text; what is not bound comes last. */
export function compare(a: Term | undefined, b: Term | undefined): number {
  if (!a || !b) return Number(!a) - Number(!b);
  if (isNumber(a) && isNumber(b)) return Number(a.value) - Number(b.value);
  return COLLATOR.compare(String(a.value), String(b.value));
}
