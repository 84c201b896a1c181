// What the editor knows of Python.

import { pythonLanguage } from '@codemirror/lang-python';
import { indentUnit, LanguageSupport } from '@codemirror/language';

export const python = [indentUnit.of('    '), new LanguageSupport(pythonLanguage)];
