// A softmax over rows and its backward pass, as one may write them in AssemblyScript. Build it with:
// npx asc kernel.ts --outFile kernel.wasm --runtime stub --use abort=

/** y = exp(x - max(x)) / sum, for each of `rows` rows; addresses of float32. */
export function softmax(y: usize, x: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    const row = (<usize>(i * columns)) << 2;
    let top = -f32.MAX_VALUE;
    for (let j = 0; j < columns; j++) top = max(top, load<f32>(x + row + ((<usize>j) << 2)));
    let sum: f32 = 0;
    for (let j = 0; j < columns; j++) {
      const at = row + ((<usize>j) << 2);
      const e = <f32>Math.exp(load<f32>(x + at) - top);
      store<f32>(y + at, e);
      sum += e;
    }
    for (let j = 0; j < columns; j++) {
      const at = y + row + ((<usize>j) << 2);
      store<f32>(at, load<f32>(at) / sum);
    }
  }
}

/** dx = y (dy - sum(y dy)), for each row. */
export function softmaxBackward(dx: usize, dy: usize, y: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    const row = (<usize>(i * columns)) << 2;
    let sum: f32 = 0;
    for (let j = 0; j < columns; j++) {
      const at = row + ((<usize>j) << 2);
      sum += load<f32>(y + at) * load<f32>(dy + at);
    }
    for (let j = 0; j < columns; j++) {
      const at = row + ((<usize>j) << 2);
      store<f32>(dx + at, load<f32>(y + at) * (load<f32>(dy + at) - sum));
    }
  }
}
