// The editor: CodeMirror inside a shadow root, where its styles are sheets that the content policy allows.

import { autocompletion } from "@codemirror/autocomplete";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import { sparql } from "codemirror-lang-sparql";
import { completions, type Vocabulary } from "./completion";

export interface Writer {
  ask(): void;
  leave(): void;
}

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.string, tags.url], color: "var(--good)" },
  { tag: tags.variableName, color: "var(--warn)" },
  { tag: [tags.integer, tags.float, tags.bool], color: "var(--bad)" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
]);

const LOOK = EditorView.theme({
  "&": { backgroundColor: "var(--panel)", color: "var(--ink)", fontSize: "0.9rem", minHeight: "inherit" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "ui-monospace, monospace", lineHeight: "1.45", minHeight: "inherit" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--muted)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--soft) 55%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 30%, transparent)",
  },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "color-mix(in srgb, var(--accent) 25%, transparent)",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--panel)",
    color: "var(--ink)",
    border: "1px solid var(--line)",
    borderRadius: "var(--radius)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "ui-monospace, monospace",
    maxWidth: "min(44rem, 88vw)",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "var(--accent)",
    color: "var(--on-accent)",
  },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.85" },
  ".cm-completionInfo": { maxWidth: "22rem", fontFamily: "system-ui, sans-serif" },
  ".cm-panels": { backgroundColor: "var(--soft)", color: "var(--ink)" },
});

// A browser that replaces a selection itself keeps its look by style attributes, which the policy refuses.
const REPLACED = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { empty } = view.state.selection.main;
    if (event.inputType !== "insertText" || event.isComposing || empty || !event.data) return false;
    if (event.data.length === 1 && /[([{"'<]/.test(event.data)) return false; // put around the selection
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});

export class QueryEditor {
  private readonly view: EditorView;

  /** In the shadow root of `host`, as high as what it takes the place of. */
  constructor(
    host: HTMLElement,
    text: string,
    vocabulary: Promise<Vocabulary>,
    suggest: string,
    view: string,
    writer: Writer,
  ) {
    const root = host.attachShadow({ mode: "open" });
    const act = (work: () => void) => () => {
      work();
      return true;
    };
    this.view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: text,
        extensions: [
          Prec.highest(keymap.of([{ key: "Mod-Enter", run: act(() => writer.ask()) }])),
          Prec.lowest(keymap.of([{ key: "Escape", run: act(() => writer.leave()) }])),
          basicSetup,
          sparql(),
          syntaxHighlighting(COLOURS),
          autocompletion({ override: [completions(vocabulary, suggest, view)], icons: false }),
          lintGutter(),
          LOOK,
          REPLACED,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": "SPARQL query", spellcheck: "false" }),
        ],
      }),
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  set text(text: string) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
    this.mark("");
  }

  focus(): void {
    this.view.focus();
  }

  /** Marks a mistake where it is, counted from 1; without words there is none. */
  mark(message: string, line = 1, column = 1): void {
    const { doc } = this.view.state;
    const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
    const near = Math.min(at.from + Math.max(column - 1, 0), at.to);
    const from = near - (/\S*$/.exec(doc.sliceString(at.from, near))?.[0].length ?? 0);
    const word = /^[^\s]+/.exec(doc.sliceString(from, at.to))?.[0].length ?? 0;
    const found = {
      from: word ? from : at.from,
      to: word ? from + word : at.to,
      severity: "error" as const,
      message,
    };
    this.view.dispatch(setDiagnostics(this.view.state, message ? [found] : []));
    if (message) this.view.dispatch({ effects: EditorView.scrollIntoView(from) });
  }
}
