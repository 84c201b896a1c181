// The module itself: it holds no state, so that any number of instances can share one memory.

import { instantiate } from '@assemblyscript/loader';
import { describe, expect, test } from 'vitest';
import { Core } from '../../src/core/core.js';
import type { Exports } from '../../src/core/exports.js';
import { Memory } from '../../src/core/memory.js';
import { init } from '../../src/index.js';
import { Model } from '../../src/mlp/model.js';
import { full } from '../../src/tensor/create.js';
import { builds, moduleBytes } from '../support/builds.js';
import { cases, goldenBatch, goldenModel, goldenParameters, tensorsOf } from '../support/golden.js';
import { wasmSections } from '../support/wasmSections.js';

describe.each(['strict', 'relaxed'] as const)('%s module', (build) => {
  const bytes = moduleBytes(build);
  const sections = wasmSections(bytes);

  test('it starts nothing, imports memory alone and has no global that can be set', () => {
    expect(sections.start).toBeUndefined();
    expect(sections.imports).toEqual(['env.memory']);
    expect(sections.globals.filter(({ mutable }) => mutable)).toEqual([]);
  });

  test('its data is a table of less than 1 KiB at fixed addresses', () => {
    for (const { offset } of sections.data) expect(offset).toBeGreaterThanOrEqual(1024);
    expect(sections.data.reduce((total, { bytes }) => total + bytes, 0)).toBeLessThan(1024);
  });

  test('it is no larger than 64 KB', () => {
    expect(bytes.length).toBeLessThanOrEqual(65536);
  });

  test('it exports the same functions as the other', () => {
    const other = wasmSections(moduleBytes(build === 'strict' ? 'relaxed' : 'strict'));
    expect(sections.exports).toContain('fused_f32');
    expect(sections.exports).toEqual(other.exports);
  });
});

test('the reader of sections finds what must not be there', () => {
  const section = (id: number, ...content: number[]) => [id, content.length, ...content];
  const name = (text: string) => [text.length, ...new TextEncoder().encode(text)];
  const binary = Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 0, 0),
    ...section(2, 2, ...name('env'), ...name('log'), 0, 0, ...name('env'), ...name('memory'), 2, 1, 1, 2),
    ...section(3, 1, 0),
    ...section(6, 2, 0x7f, 0, 0x41, 0x80, 0x08, 0x0b, 0x7c, 1, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0x0b),
    ...section(7, 1, ...name('run'), 0, 1),
    ...section(8, 1),
    ...section(10, 1, 2, 0, 0x0b),
    ...section(11, 2, 0, 0x41, 0x80, 0x08, 0x0b, 3, 1, 2, 3, 1, 1, 9),
  );
  expect(WebAssembly.validate(binary)).toBe(true);
  expect(wasmSections(binary)).toEqual({
    imports: ['env.log', 'env.memory'],
    exports: ['run'],
    globals: [{ mutable: false }, { mutable: true }],
    start: 1,
    data: [
      { offset: 1024, bytes: 3 },
      { offset: undefined, bytes: 1 },
    ],
  });
});

for (const { build, label, skipped } of builds) {
  describe.skipIf(skipped)(label, () => {
    test('two instances over one memory leave each other alone', async () => {
      const wasm = new WebAssembly.Memory({ initial: 1, maximum: 16 });
      const instance = async () => (await instantiate<Exports>(moduleBytes(build), { env: { memory: wasm } })).exports;
      const first = await instance();
      const memory = new Memory(wasm, first.heapBase());
      const random = (exports: Exports, seed: number) => {
        const [state, out] = [memory.allocate(4096), memory.allocate(400)];
        exports.initGenrand(state, seed);
        return { state, out, draw: () => exports.randint(out, state, 100, 0, 1000) };
      };
      const read = (pointer: number) => Array.from(memory.view('int32', pointer, 100));
      const a = random(first, 42);
      a.draw();
      const [alone, everything] = [read(a.out), new Uint8Array(wasm.buffer).slice()];
      const second = await instance();
      expect(new Uint8Array(wasm.buffer)).toEqual(everything);
      expect(second.heapBase()).toBe(first.heapBase());
      const b = random(second, 42);
      b.draw();
      expect(read(b.out)).toEqual(alone);
      for (const turn of [b, a, a, b]) turn.draw();
      expect(read(a.out)).toEqual(read(b.out));
      second.add_f32(b.out, b.out, b.out, 1, 100, 0, 1, 0, 1);
      b.draw();
      a.draw();
      expect(read(a.out)).toEqual(read(b.out));
    });

    test('the passes leave the tables below the heap as they were', async () => {
      const core = await Core.create({ build });
      const below = () => new Uint8Array(core.memory.wasm.buffer, 0, core.exports.heapBase()).slice();
      const before = below();
      for (const { offset, bytes } of wasmSections(moduleBytes(build)).data) {
        expect(offset! + bytes).toBeLessThanOrEqual(before.length);
      }
      const { sizes } = cases[0]!;
      const { T: blockSize, V: vocabSize, E: embed, H: hidden } = sizes;
      const parameters = goldenParameters(sizes);
      const model = new Model(core, { vocabSize, blockSize, embed, hidden, parameters });
      const [Xb, Yb] = [[sizes.B, blockSize], [sizes.B]].map((shape) => full(core, shape, 1, { dtype: 'int32' }));
      for (const pass of ['autograd', 'stepwise', 'fused'] as const) model[pass](Xb!, Yb!);
      expect(below()).toEqual(before);
    });

    test('two cores compute the same bytes, each in its own memory', async () => {
      const { sizes } = cases[0]!;
      const results = await Promise.all(
        [0, 1000].map(async (unrelated) => {
          const hg = await init({ build });
          hg.zeros([unrelated]);
          const { gradients } = goldenModel(hg, sizes, 1e-5).fused(...goldenBatch(hg, sizes));
          return tensorsOf({ loss: 0, intermediates: {}, gradients });
        }),
      );
      for (const [name, tensor] of Object.entries(results[0]!)) {
        expect(tensor.data, name).toEqual(results[1]![name]!.data);
      }
    });

    test('what was made before memory grows reads and computes right after', async () => {
      const hg = await init({ build });
      const { sizes } = cases[0]!;
      const model = goldenModel(hg, sizes, 1e-5);
      const batch = goldenBatch(hg, sizes);
      const values = [1, -2.5, 3.25, 1e30];
      const before = hg.tensor(values);
      const view = before.view(2, 2).T;
      const pass = tensorsOf(model.stepwise(...batch));
      const data = Object.entries(pass).map(([name, tensor]) => [name, tensor.data.slice()] as const);
      const stale = before.data;
      hg.ones([4_000_000]);
      expect(Array.from(before.data)).toEqual(values.map(Math.fround));
      expect(Array.from(stale)).toEqual(values.map(Math.fround));
      expect(Array.from(view.data)).toEqual([1, 3.25, -2.5, 1e30].map(Math.fround));
      expect(Array.from(before.add(before).data)).toEqual(values.map((value) => 2 * Math.fround(value)));
      before.fill_(7);
      expect(Array.from(view.data)).toEqual([7, 7, 7, 7]);
      for (const [name, kept] of data) expect(pass[name]!.data, name).toEqual(kept);
      hg.ones([4_000_000]);
      for (const [name, tensor] of Object.entries(tensorsOf(model.stepwise(...batch)))) {
        expect(tensor.data, name).toEqual(pass[name]!.data);
      }
    });
  });
}
