// The entry `handgrad/lesson`: cells in the lecture's language, run and judged. It stands apart from `handgrad`, so that a page that
// proves or trains does not carry a reader of Python.

export { CellTraining, type CellTrainingOptions } from './lesson/cellTraining.js';
export type { ExerciseOptions } from './lesson/exercise.js';
export {
  batchNormInOneGo,
  type Code,
  crossEntropyInOneGo,
  forwardPass,
  operationByOperation,
  type Step,
} from './lesson/exercises.js';
export { type JudgedLine, type Judgement, type JudgeOptions, judge } from './lesson/judge.js';
export { type CellError, type CellResult, Notebook, type NotebookOptions } from './lesson/notebook.js';
export { type PassReports, provePasses } from './proof/passes.js';
