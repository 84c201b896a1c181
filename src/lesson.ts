// The entry `handgrad/lesson`: cells in the lecture's language, run and judged. It stands apart from `handgrad`, so that a page that
// proves or trains does not carry a reader of Python.

export { type CellError, type CellResult, Notebook, type NotebookOptions } from './lesson/notebook.js';
