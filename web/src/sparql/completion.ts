// What the editor offers while one writes: variables, prefixes, classes and properties, things by their names.

import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { shorten } from "./terms";

/** What /api/v1/vocabulary says: see src/eventkg/kg/vocabulary.py. */
export interface Vocabulary {
  prefixes: Record<string, string>;
  words: { iri: string; name: string; kind: string; label: string; definition: string }[];
}

interface Named {
  iri?: unknown;
  label?: unknown;
}

const KEYWORDS =
  "SELECT DISTINCT WHERE ASK CONSTRUCT DESCRIBE FROM GRAPH OPTIONAL UNION MINUS FILTER BIND VALUES ORDER GROUP HAVING LIMIT OFFSET COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT BOUND COALESCE CONTAINS STRSTARTS LANG STR REGEX EXISTS SERVICE".split(
    " ",
  );
const ENTITIES = /^(event|actor|place|equipment|document|series|dataset)$/;
const LEAST = 2; // letters before names are looked up
const MOST = 12; // things that are offered

/** `suggest` is the address that knows things by their names, "" where there is none. */
export function completions(vocabulary: Promise<Vocabulary>, suggest: string, view: string) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const variable = context.matchBefore(/[?$]\w*/);
    if (variable)
      return { from: variable.from, options: variables(context, variable.text), validFor: /^[?$]\w*$/ };
    const word = context.matchBefore(/[\p{L}_][\p{L}\p{N}_-]*(:[\p{L}\p{N}_-]*)?/u);
    if (!word && !context.explicit) return null;
    const from = word?.from ?? context.pos;
    const text = word?.text ?? "";
    const known = await vocabulary;
    const options = [...written(known), ...(await things(text, { suggest, view }, known, context))];
    return { from, options: options.filter((one) => fits(one, text)), filter: false };
  };
}

function variables(context: CompletionContext, typed: string): Completion[] {
  const found = new Set(context.state.doc.toString().match(/[?$]\w+/g) ?? []);
  found.delete(typed);
  return [...found].sort().map((label) => ({ label, type: "variable" }));
}

function written(known: Vocabulary): Completion[] {
  return [
    ...known.words.map((word) => ({
      label: word.name,
      detail: word.label,
      info: word.definition || word.iri,
      type: word.kind,
      boost: 2,
    })),
    ...Object.entries(known.prefixes).map(([prefix, iri]) => ({
      label: `${prefix}:`,
      detail: iri,
      type: "namespace",
      boost: 1,
    })),
    ...KEYWORDS.map((label) => ({ label, type: "keyword" })),
  ];
}

/** By its name or by any word of what it is called; things were found by the server. */
function fits(one: Completion, text: string): boolean {
  if (one.section) return true;
  const wanted = text.toLowerCase();
  const [label, detail] = [
    one.label.toLowerCase(),
    one.type === "namespace" ? "" : (one.detail ?? "").toLowerCase(),
  ];
  const local = label.slice(label.indexOf(":") + 1);
  if (wanted.includes(":")) return label.startsWith(wanted);
  return label.startsWith(wanted) || local.startsWith(wanted) || ` ${detail}`.includes(` ${wanted}`);
}

async function things(
  text: string,
  { suggest, view }: { suggest: string; view: string },
  known: Vocabulary,
  context: CompletionContext,
): Promise<Completion[]> {
  const [prefix, local] = text.includes(":") ? text.split(":", 2) : ["", text];
  if (!suggest || !local || local.length < LEAST || (prefix && !ENTITIES.test(prefix))) return [];
  const stop = new AbortController();
  context.addEventListener("abort", () => stop.abort());
  try {
    const asked = new URLSearchParams({ q: local.replaceAll("-", " "), ...(view && { view }) });
    const response = await fetch(`${suggest}?${asked}`, { signal: stop.signal });
    return response.ok ? offered(await response.json(), prefix ?? "", known) : [];
  } catch {
    return []; // one writes on without them
  }
}

/** Reads a list of things with `iri` and `label`, wherever in the answer it stands. */
function offered(answer: unknown, prefix: string, known: Vocabulary): Completion[] {
  const list = Array.isArray(answer) ? answer : Object.values((answer ?? {}) as object).find(Array.isArray);
  const made: Completion[] = [];
  for (const one of (list ?? []) as Named[]) {
    if (typeof one?.iri !== "string" || typeof one.label !== "string") continue;
    const short = shorten(one.iri, known.prefixes);
    if (prefix && !short.startsWith(`${prefix}:`)) continue;
    const label = short === one.iri ? `<${one.iri}>` : short;
    made.push({ label, detail: one.label, type: "constant", section: "In the graph" });
  }
  return made.slice(0, MOST);
}
