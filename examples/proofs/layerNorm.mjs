// A layer norm fused by hand over typed arrays: each row is read twice forward and twice backward.
import { defineKernel } from 'handgrad/kernels';

const [rows, columns, eps] = [8, 48, 1e-5];

export default defineKernel({
  name: 'fused layer norm',

  inputs: (hg) => ({ x: hg.randn([rows, columns]), gain: hg.rand([columns]), bias: hg.randn([columns]) }),

  // What it is to compute, in tensors. mean and rstd are judged too, for forward() saves them under these names.
  reference: ({ x, gain, bias }) => {
    const mean = x.mean(1, { keepdim: true });
    const diff = x.sub(mean);
    const rstd = diff.pow(2).mean(1, { keepdim: true }).add(eps).pow(-0.5);
    return { y: diff.mul(rstd).mul(gain).add(bias), mean, rstd };
  },

  forward: ({ x, gain, bias }) => {
    const [y, mean, rstd] = [x.slice(), x.slice(0, rows), x.slice(0, rows)];
    for (let i = 0; i < rows; i++) {
      const row = x.subarray(i * columns, (i + 1) * columns);
      mean[i] = row.reduce((sum, value) => sum + value, 0) / columns;
      rstd[i] = 1 / Math.sqrt(row.reduce((sum, value) => sum + (value - mean[i]) ** 2, 0) / columns + eps);
      for (let j = 0; j < columns; j++) y[i * columns + j] = (row[j] - mean[i]) * rstd[i] * gain[j] + bias[j];
    }
    return { y, saved: { mean, rstd } };
  },

  // dx = rstd (g - mean(g) - normal mean(g normal)), where g = dy gain. out has an array for each gradient.
  backward: ({ x, gain }, { y: dy }, { mean, rstd }, out) => {
    out.gain.fill(0);
    out.bias.fill(0);
    for (let i = 0; i < rows; i++) {
      const at = (j) => i * columns + j;
      const normal = (j) => (x[at(j)] - mean[i]) * rstd[i];
      let [sum, weighted] = [0, 0];
      for (let j = 0; j < columns; j++) {
        const g = dy[at(j)] * gain[j];
        sum += g;
        weighted += g * normal(j);
        out.gain[j] += dy[at(j)] * normal(j);
        out.bias[j] += dy[at(j)];
      }
      for (let j = 0; j < columns; j++) {
        out.x[at(j)] = rstd[i] * (dy[at(j)] * gain[j] - (sum + normal(j) * weighted) / columns);
      }
    }
  },
});
