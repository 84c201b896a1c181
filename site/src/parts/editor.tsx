// A text editor for the language it is given, with a mark beside each line that has been judged.

import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { Annotation, Compartment, EditorState, type Extension, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  GutterMarker,
  gutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'preact/hooks';

/** What is said of a line. */
export interface Mark {
  /** From 1. */
  readonly line: number;
  readonly kind: string;
  readonly sign: string;
  readonly text: string;
}

/** Marks a change that was not typed. */
const fromOutside = Annotation.define<boolean>();

const setMarks = StateEffect.define<readonly Mark[]>();

const marksField = StateField.define<readonly Mark[]>({
  create: () => [],
  update: (marks, transaction) => transaction.effects.find((effect) => effect.is(setMarks))?.value ?? marks,
});

class Sign extends GutterMarker {
  constructor(readonly mark: Mark) {
    super();
  }
  override eq(other: Sign): boolean {
    return other.mark.sign === this.mark.sign && other.mark.text === this.mark.text;
  }
  override toDOM(): Node {
    const place = document.createElement('span');
    place.className = `sign ${this.mark.kind}`;
    place.textContent = this.mark.sign;
    place.title = this.mark.text;
    return place;
  }
}

const signs = gutter({
  class: 'signs',
  lineMarker(view, line) {
    const number = view.state.doc.lineAt(line.from).number;
    const mark = view.state.field(marksField).find((mark) => mark.line === number);
    return mark ? new Sign(mark) : null;
  },
  lineMarkerChange: (update) => update.startState.field(marksField) !== update.state.field(marksField),
});

const tinted = EditorView.decorations.compute([marksField, 'doc'], (state): DecorationSet => {
  const lines = state.field(marksField).filter(({ line }) => line <= state.doc.lines);
  const ranges = lines.map(({ line, kind }) =>
    Decoration.line({ class: `line-${kind}` }).range(state.doc.line(line).from),
  );
  return Decoration.set(ranges, true);
});

const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.comment, class: 'tok-comment' },
    { tag: [tags.number, tags.bool, tags.null], class: 'tok-number' },
    { tag: tags.string, class: 'tok-string' },
    { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword], class: 'tok-keyword' },
  ]),
);

/** In the editor's shadow, where the page's style does not reach; its custom properties do. */
const theme = EditorView.theme({
  '&': { maxHeight: '24rem', color: 'var(--ink)', fontSize: '0.9rem' },
  '&.cm-focused': { outline: '2px solid var(--link)' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-gutters': { background: 'var(--ground)', color: 'var(--soft)', borderRight: '1px solid var(--line)' },
  '.signs': { minWidth: '1.6em' },
  '.sign': { display: 'block', textAlign: 'center', fontWeight: '700' },
  '.exact, .rounding': { color: 'var(--right)' },
  '.wrong, .error': { color: 'var(--fault)' },
  '.inherited': { color: 'var(--soft)' },
  '.undecided': { color: 'var(--doubt)' },
  '.line-wrong, .line-error': { background: 'var(--fault-tint)' },
  '.tok-comment': { color: 'var(--soft)' },
  '.tok-number': { color: 'var(--above)' },
  ':is(.line-wrong, .line-error) .tok-number': { color: 'var(--fault)' },
  '.tok-string': { color: 'var(--doubt)' },
  '.tok-keyword': { color: 'var(--below)', fontWeight: '600' },
});

/**
 * Writes over a selection. A browser that does that itself gives what is typed the style of what it replaces, as an attribute, which
 * the policy of the page refuses.
 */
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const isTyped = event.inputType === 'insertText' && event.data !== null && !event.isComposing;
    if (!isTyped || view.state.selection.main.empty) return false;
    view.dispatch(view.state.replaceSelection(event.data!), { userEvent: 'input.type', scrollIntoView: true });
    event.preventDefault();
    return true;
  },
  compositionstart(_, view) {
    if (!view.state.selection.main.empty) view.dispatch(view.state.replaceSelection(''), { userEvent: 'delete' });
    return false;
  },
});

const numbers = new Compartment();

const numbered = (first: number): Extension => lineNumbers({ formatNumber: (line) => String(line + first - 1) });

const common: Extension = [typedOver, theme, marksField, signs, tinted, history(), colours, EditorView.lineWrapping];

interface Props {
  /** How the text is read, coloured and indented. */
  readonly language: Extension;
  readonly value: string;
  readonly label: string;
  readonly marks: readonly Mark[];
  /** The number of the first line. Default 1. */
  readonly firstLine?: number;
  readonly autofocus?: boolean;
  onChange(text: string): void;
  /** Called for Ctrl-Enter, or Cmd-Enter. */
  onDone?(): void;
  /** Called for Shift-Enter. */
  onRun?(): void;
}

/** An editor. Tab leaves it, so that a keyboard is not caught in it; Ctrl-] and Ctrl-[ indent. */
export function Editor({ language, value, label, marks, firstLine = 1, autofocus, onChange, onDone, onRun }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  /** Texts that have been told, and have not come back yet. */
  const told = useRef<string[]>([]);
  const calls = useRef({ onChange, onDone, onRun });
  calls.current = { onChange, onDone, onRun };

  function done(): boolean {
    calls.current.onDone?.();
    return true;
  }

  /** Where nothing is to run, the key is the editor's. */
  function run(): boolean {
    calls.current.onRun?.();
    return calls.current.onRun !== undefined;
  }

  useEffect(() => {
    // In a shadow the editor's style is a sheet that is adopted, which the policy of the page allows; a style element is refused.
    const shadow = place.current!.shadowRoot ?? place.current!.attachShadow({ mode: 'open' });
    const editor = new EditorView({
      parent: shadow,
      root: shadow,
      state: EditorState.create({
        doc: value,
        extensions: [
          language,
          numbers.of(numbered(firstLine)),
          common,
          keymap.of([
            { key: 'Mod-Enter', run: done },
            { key: 'Shift-Enter', run },
            ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'),
            ...historyKeymap,
          ]),
          EditorView.contentAttributes.of({
            'aria-label': label,
            tabindex: '0',
            spellcheck: 'false',
            autocapitalize: 'off',
          }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged || update.transactions.some((one) => one.annotation(fromOutside))) return;
            const text = update.state.doc.toString();
            told.current.push(text);
            calls.current.onChange(text);
          }),
        ],
      }),
    });
    view.current = editor;
    if (autofocus) {
      editor.focus();
      place.current!.scrollIntoView({ block: 'nearest' });
    }
    return () => editor.destroy();
  }, [label]);

  useEffect(() => {
    // A text that was typed comes back as the value, perhaps when more has been typed: only another one is taken.
    const echo = told.current.indexOf(value);
    told.current.splice(0, echo + 1);
    const { state, dispatch } = view.current!;
    if (echo >= 0 || state.doc.toString() === value) return;
    told.current = [];
    dispatch({ changes: { from: 0, to: state.doc.length, insert: value }, annotations: fromOutside.of(true) });
  }, [value]);

  useEffect(() => {
    view.current!.dispatch({ effects: numbers.reconfigure(numbered(firstLine)) });
  }, [firstLine]);

  useEffect(() => {
    view.current!.dispatch({ effects: setMarks.of(marks) });
  }, [marks]);

  return <div class="editor" ref={place} />;
}
