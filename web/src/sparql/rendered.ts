// The answer that the server has rendered, read back from the page: nothing is asked twice.

import type { Answer, Row, Term } from "./reading";

export function rendered(page: HTMLElement): Answer | undefined {
  const holder = page.querySelector<HTMLElement>("#answer[data-form]");
  if (!holder) return undefined;
  const { form, seconds, more } = holder.dataset;
  const answer: Answer = {
    form: form as Answer["form"],
    vars: [...holder.querySelectorAll("thead th")].map((head) => head.textContent ?? ""),
    rows: [],
    text: holder.querySelector("pre")?.textContent ?? "",
    more: more === "yes",
    seconds: Number(seconds ?? -1),
  };
  if (answer.form === "boolean") answer.text = answer.text === "yes" ? "true" : "false";
  answer.rows = [...holder.querySelectorAll("tbody tr")].map((row) => rowOf(row, answer.vars));
  return answer;
}

function rowOf(row: Element, vars: string[]): Row {
  const found: Row = {};
  [...row.children].forEach((cell, i) => {
    const term = termOf(cell as HTMLElement);
    if (term) found[vars[i]] = term;
  });
  return found;
}

function termOf(cell: HTMLElement): Term | undefined {
  const { type, datatype } = cell.dataset;
  if (!type) return undefined;
  if (type === "uri") return { type, value: cell.querySelector("[title]")?.getAttribute("title") ?? "" };
  const said = cell.querySelector("span");
  const language = said?.getAttribute("lang");
  return {
    type,
    value: said?.textContent ?? "",
    ...(language ? { "xml:lang": language } : {}),
    ...(datatype ? { datatype } : {}),
  };
}
