// What the module exports, as TypeScript sees it. Pointers and sizes are numbers; outputs come first.

/** out = a op b over [rows, cols]; the four strides are in elements, 0 broadcasts. */
type Binary = (
  out: number,
  a: number,
  b: number,
  rows: number,
  cols: number,
  aRow: number,
  aCol: number,
  bRow: number,
  bCol: number,
) => void;

/** The kernels that exist for float32 and for float64, without their suffix. */
export interface Kernels {
  add: Binary;
  sub: Binary;
  mul: Binary;
  div: Binary;
}

type Suffixed<Functions, Suffix extends string> = {
  [Name in keyof Functions & string as `${Name}_${Suffix}`]: Functions[Name];
};

/** Everything the module exports. */
export type Exports = Suffixed<Kernels, 'f32'> & Suffixed<Kernels, 'f64'> & { heapBase(): number };
