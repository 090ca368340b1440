// What takes a while: seconds told while it lasts, and what went wrong in the server's words.

/** Tells the seconds since it was started, each second. */
export class Ticker {
  private timer = 0;

  constructor(private readonly tell: (seconds: number) => void) {}

  start(): void {
    this.stop();
    const begun = performance.now();
    this.tell(0);
    this.timer = window.setInterval(() => this.tell(Math.round((performance.now() - begun) / 1000)), 1000);
  }

  stop(): void {
    window.clearInterval(this.timer);
  }
}

/** An answer that is an error, in the server's words; line and column of a query count from 1. */
export class Problem extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly line?: number,
    readonly column?: number,
  ) {
    super(message);
  }
}

/** The problem that a response tells of (RFC 9457). */
export async function problemOf(response: Response): Promise<Problem> {
  const told = (await response.json().catch(() => ({}))) as {
    detail?: string;
    title?: string;
    line?: number;
    column?: number;
  };
  const words = told.detail ?? told.title ?? `The server answered ${response.status}.`;
  return new Problem(words, response.status, told.line, told.column);
}

/** JSON of our own server. */
export async function fetched(address: string, signal?: AbortSignal): Promise<unknown> {
  const response = await fetch(address, { headers: { Accept: "application/json" }, signal: signal ?? null });
  if (!response.ok) throw await problemOf(response);
  return response.json();
}
