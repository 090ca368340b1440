// An answer read as it comes, up to a number of rows: what lies beyond is left to a download.

import { Problem, problemOf } from "../shared/waiting";

export const MOST_ROWS = 10_000;
const MOST_TEXT = 32_000_000; // characters of an answer
export const MOST_SHOWN = 200_000; // characters shown as they came

/** A term of SPARQL 1.1 Query Results JSON. */
export interface Term {
  type: string;
  value: string;
  "xml:lang"?: string;
  datatype?: string;
}

export type Row = Record<string, Term | undefined>;

export interface Answer {
  form: "solutions" | "boolean" | "graph";
  vars: string[];
  rows: Row[];
  /** As it came, or its beginning; "" where only the rows are known. */
  text: string;
  /** Whether the answer has more than this. */
  more: boolean;
  seconds: number;
}

const BEGIN = '"bindings":[';

/** Takes rows out of SPARQL JSON that comes in pieces of any length. */
export class RowReader {
  vars: string[] = [];
  readonly rows: Row[] = [];
  private waiting = "";
  private at = 0;
  private depth = 0;
  private quoted = false;
  private begun = false;

  constructor(private readonly most: number) {}

  get full(): boolean {
    return this.rows.length >= this.most;
  }

  feed(text: string): void {
    this.waiting += text;
    if (!this.begun) this.begin();
    if (this.begun) this.scan();
  }

  private begin(): void {
    const found = this.waiting.indexOf(BEGIN);
    if (found < 0) return;
    const head = `${this.waiting.slice(0, found)}"bindings":[]}}`;
    this.vars = (JSON.parse(head) as { head: { vars: string[] } }).head.vars;
    this.waiting = this.waiting.slice(found + BEGIN.length);
    this.begun = true;
  }

  private scan(): void {
    let start = 0;
    for (; this.at < this.waiting.length && !this.full; this.at++) {
      const before = this.depth;
      this.step(this.waiting[this.at]);
      if (before === 0 && this.depth === 1) start = this.at;
      if (before === 1 && this.depth === 0)
        this.rows.push(JSON.parse(this.waiting.slice(start, this.at + 1)) as Row);
    }
    if (this.depth === 0) start = this.at;
    this.waiting = this.waiting.slice(start);
    this.at -= start;
  }

  /** Braces count outside of quotes, where a backslash hides the letter after it. */
  private step(letter: string): void {
    if (this.quoted && letter === "\\") this.at++;
    else if (letter === '"') this.quoted = !this.quoted;
    else if (this.quoted) return;
    else if (letter === "{") this.depth++;
    else if (letter === "}") this.depth--;
  }
}

/** Asks in the world of a view; to abort is to have the server stop the query. */
export async function ask(query: string, view: string, stop: AbortController): Promise<Answer> {
  const begun = performance.now();
  const response = await fetch(`/sparql${view ? `?${new URLSearchParams({ view })}` : ""}`, {
    method: "POST",
    headers: { Accept: "application/sparql-results+json, text/turtle;q=0.9" },
    body: new URLSearchParams({ query }),
    signal: stop.signal,
  });
  if (!response.ok) throw await problemOf(response);
  const solutions = response.headers.get("Content-Type")?.includes("sparql-results") ?? false;
  const reader = new RowReader(MOST_ROWS);
  let text = "";
  let length = 0;
  const more = await pieces(response, (piece) => {
    length += piece.length;
    if (text.length < MOST_SHOWN) text += piece.slice(0, MOST_SHOWN - text.length);
    if (solutions) reader.feed(piece);
    return length < MOST_TEXT && !reader.full && (solutions || length < MOST_SHOWN);
  });
  if (more) stop.abort();
  const seconds = (performance.now() - begun) / 1000;
  if (!solutions) return { form: "graph", vars: [], rows: [], text, more, seconds };
  if (!reader.vars.length && text.includes('"boolean"'))
    return { form: "boolean", vars: [], rows: [], text, more, seconds };
  return { form: "solutions", vars: reader.vars, rows: reader.rows, text, more, seconds };
}

/** Hands over text as it comes until it ends, or nobody wants more of it: whether there was more. */
async function pieces(response: Response, take: (piece: string) => boolean): Promise<boolean> {
  const stream = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!stream) throw new Problem("The browser cannot read the answer.", response.status);
  for (;;) {
    const { done, value } = await stream.read();
    if (done) return false;
    if (!take(value)) return !(await stream.read()).done;
  }
}
