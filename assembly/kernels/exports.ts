// The two instances of every kernel.

import { Add, binary, Div, Mul, Sub } from './elementwise';

export function add_f32(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void { binary<f32, Add>(out, a, b, rows, cols, aRow, aCol, bRow, bCol); }
export function add_f64(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void { binary<f64, Add>(out, a, b, rows, cols, aRow, aCol, bRow, bCol); }
export function sub_f32(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void { binary<f32, Sub>(out, a, b, rows, cols, aRow, aCol, bRow, bCol); }
export function sub_f64(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void { binary<f64, Sub>(out, a, b, rows, cols, aRow, aCol, bRow, bCol); }
export function mul_f32(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void { binary<f32, Mul>(out, a, b, rows, cols, aRow, aCol, bRow, bCol); }
export function mul_f64(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void { binary<f64, Mul>(out, a, b, rows, cols, aRow, aCol, bRow, bCol); }
export function div_f32(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void { binary<f32, Div>(out, a, b, rows, cols, aRow, aCol, bRow, bCol); }
export function div_f64(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void { binary<f64, Div>(out, a, b, rows, cols, aRow, aCol, bRow, bCol); }
