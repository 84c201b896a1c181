// What the editor knows of JavaScript, and how tall it is for a whole module.

import { javascriptLanguage } from '@codemirror/lang-javascript';
import { indentUnit, LanguageSupport } from '@codemirror/language';
import { EditorView } from '@codemirror/view';

export const javascript = [
  indentUnit.of('  '),
  new LanguageSupport(javascriptLanguage),
  EditorView.theme({ '&': { maxHeight: 'min(58vh, 40rem)' }, '.cm-scroller': { minHeight: '14rem' } }),
];
