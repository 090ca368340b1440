// The queries that were asked last: in this window, and beyond it where the browser keeps things for us.

const KEY = "eventkg.queries";
const MOST = 30;
const LONGEST = 20_000; // characters of a query that is kept

export class Asked {
  private list: string[];

  constructor() {
    this.list = read();
  }

  get queries(): readonly string[] {
    return this.list;
  }

  add(query: string): void {
    if (query.length > LONGEST) return;
    this.list = [query, ...this.list.filter((one) => one !== query)].slice(0, MOST);
    write(this.list);
  }

  forget(): void {
    this.list = [];
    write([]);
  }
}

function read(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, MOST) : [];
  } catch {
    return []; // not allowed, or not ours
  }
}

function write(list: string[]): void {
  try {
    if (list.length) localStorage.setItem(KEY, JSON.stringify(list));
    else localStorage.removeItem(KEY);
  } catch {
    // not allowed, or full: the list of this window stays
  }
}
