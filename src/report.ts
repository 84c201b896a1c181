// The entry `handgrad/report`: a report as a page, pictures, and reports on tensors that other programs have written. It stands apart from `handgrad`, so that a page that proves or trains
// does not carry what draws.

export type { HtmlReport } from './html/gradient.js';
export { reportHtml } from './html/page.js';
export { verdictMeanings } from './html/words.js';
export { type CurveOptions, type CurveSeries, type CurveTextOptions, curve, curveText } from './pictures/curve.js';
export { type HeatmapOptions, type HeatmapTextOptions, heatmap, heatmapText } from './pictures/heatmap.js';
export {
  type HistogramOptions,
  type HistogramTextOptions,
  histogram,
  histogramText,
} from './pictures/histogram.js';
export type { PictureSource } from './pictures/source.js';
export { compareTensors } from './proof/compareTensors.js';
export { verdicts } from './proof/schema.js';
export type { CompareTensorsOptions, NamedTensors } from './proof/tensors.js';
