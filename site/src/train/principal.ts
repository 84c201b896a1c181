// The two directions in which the rows of a matrix differ most, and where the rows lie along them.

export interface Principal {
  /** Two unit vectors, orthogonal to each other. */
  readonly axes: readonly [Float64Array, Float64Array];
  /** The share of the variance that lies along each. */
  readonly shares: readonly [number, number];
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/**
 * Principal components of the rows of C, [V, `width`]. Beside the picture `before`, directions keep their order and their signs as
 * far as they can, so that the points move and do not jump.
 */
export function principal(C: ArrayLike<number>, width: number, before?: Principal): Principal {
  const rows = centred(C, width);
  const { values, vectors } = eigen(covariance(rows, width));
  const order = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]!);
  const zero = new Float64Array(width);
  const found = [vectors[order[0]!]!, vectors[order[1] ?? -1] ?? zero] as const;
  const sizes = [values[order[0]!]!, values[order[1] ?? -1] ?? 0] as const;
  const last = before?.axes[0].length === width ? before.axes : undefined;
  const isSwapped = last !== undefined && likeness(found[1], found[0], last) > likeness(found[0], found[1], last);
  const [first, second] = isSwapped ? [1, 0] : ([0, 1] as const);
  const axes = [signed(found[first]!, last?.[0]), signed(found[second]!, last?.[1])] as const;
  const total = values.reduce((sum, value) => sum + value, 0) || 1;
  return {
    axes,
    shares: [sizes[first]! / total, sizes[second]! / total],
    points: rows.map((row) => ({ x: dot(row, axes[0]), y: dot(row, axes[1]) })),
  };
}

function centred(C: ArrayLike<number>, width: number): Float64Array[] {
  const count = C.length / width;
  const mean = new Float64Array(width);
  for (let i = 0; i < C.length; i++) mean[i % width]! += C[i]! / count;
  return Array.from({ length: count }, (_, row) => mean.map((value, j) => C[row * width + j]! - value));
}

function covariance(rows: readonly Float64Array[], width: number): Float64Array[] {
  const matrix = Array.from({ length: width }, () => new Float64Array(width));
  for (const row of rows) {
    for (let i = 0; i < width; i++) for (let j = 0; j < width; j++) matrix[i]![j]! += row[i]! * row[j]!;
  }
  return matrix;
}

const mostSweeps = 30;

/** Eigenvalues and eigenvectors of a symmetric matrix, which it changes, by Jacobi's rotations. */
export function eigen(matrix: Float64Array[]): { values: number[]; vectors: Float64Array[] } {
  const n = matrix.length;
  const vectors = matrix.map((_, i) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < mostSweeps && !isDiagonal(matrix); sweep++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(matrix, vectors, p, q);
  }
  return { values: matrix.map((row, i) => row[i]!), vectors };
}

function isDiagonal(matrix: readonly Float64Array[]): boolean {
  let [diagonal, rest] = [0, 0];
  matrix.forEach((row, i) => {
    row.forEach((value, j) => {
      if (i === j) diagonal += value * value;
      else rest += value * value;
    });
  });
  return rest <= 1e-24 * diagonal;
}

/** Turns axes p and q so that the element between them becomes 0. */
function rotate(matrix: Float64Array[], vectors: Float64Array[], p: number, q: number): void {
  const between = matrix[p]![q]!;
  if (between === 0) return;
  const slope = (matrix[q]![q]! - matrix[p]![p]!) / (2 * between);
  const tangent = (slope < 0 ? -1 : 1) / (Math.abs(slope) + Math.hypot(slope, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  const turn = (a: Float64Array, i: number, b: Float64Array, j: number) => {
    const [x, y] = [a[i]!, b[j]!];
    a[i] = cosine * x - sine * y;
    b[j] = sine * x + cosine * y;
  };
  for (const row of matrix) turn(row, p, row, q);
  for (let k = 0; k < matrix.length; k++) {
    turn(matrix[p]!, k, matrix[q]!, k);
    turn(vectors[p]!, k, vectors[q]!, k);
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

/** How well two directions continue two others, whatever their signs. */
function likeness(a: Float64Array, b: Float64Array, [x, y]: readonly [Float64Array, Float64Array]): number {
  return Math.abs(dot(a, x)) + Math.abs(dot(b, y));
}

/** The direction, or its opposite, whichever is nearer to `before`; without one, that whose largest element is above zero. */
function signed(axis: Float64Array, before: Float64Array | undefined): Float64Array {
  const largest = axis.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return (before === undefined ? largest : dot(axis, before)) < 0 ? axis.map((value) => -value) : axis;
}
