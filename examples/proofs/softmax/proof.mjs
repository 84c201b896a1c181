// The softmax of kernel.ts, in its own WebAssembly module, which has float32 alone.
import { readFile } from 'node:fs/promises';
import { defineKernel, wasmKernel } from 'handgrad/kernels';

const [rows, columns] = [8, 27];
const { instance } = await WebAssembly.instantiate(await readFile(new URL('kernel.wasm', import.meta.url)));
// Each call copies its arrays into the module's memory and back, and sees to it that nothing around them is written.
const softmax = wasmKernel(instance, 'softmax');
const softmaxBackward = wasmKernel(instance, 'softmaxBackward');

export default defineKernel({
  name: 'softmax in AssemblyScript',
  dtypes: ['float32'],

  inputs: (hg) => ({ x: hg.randn([rows, columns]) }),
  reference: ({ x }) => ({ y: x.softmax(1) }),

  forward: ({ x }) => {
    const y = new Float32Array(x.length);
    softmax(y, x, rows, columns);
    return { y, saved: { y } };
  },
  backward: (_, { y: dy }, { y }, out) => {
    softmaxBackward(out.x, dy, y, rows, columns);
  },
});
