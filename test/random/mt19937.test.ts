import { expect, test } from 'vitest';
import { Core } from '../../src/core/core.js';
import { Mt19937 } from '../../src/random/mt19937.js';

const core = await Core.create({ build: 'strict' });
const mt = new Mt19937(core, 'mt');

test("the 10000th output of seed 5489 is the C++ standard's", () => {
  core.exports.initGenrand(mt.pointer, 5489);
  for (let i = 1; i < 10000; i++) mt.next();
  expect(mt.next()).toBe(4123659995);
});

test("an array as seed gives the first outputs of the authors' listing", () => {
  core.scratch(16, (keys) => {
    core.memory.view('int32', keys, 4).set([0x123, 0x234, 0x345, 0x456]);
    core.exports.initByArray(mt.pointer, keys, 4);
  });
  const outputs = Array.from({ length: 5 }, () => mt.next());
  expect(outputs).toEqual([1067595299, 955945823, 477289528, 4107218783, 4228976476]);
});

test('draws write their own bytes and no others', () => {
  const { rand_f32, rand_f64, randn_f32, randn_f64, randint, randperm } = core.exports;
  const draws = [
    { bytes: 4, fill: rand_f32 },
    { bytes: 8, fill: rand_f64 },
    { bytes: 4, fill: randn_f32 },
    { bytes: 8, fill: randn_f64 },
    { bytes: 4, fill: randperm },
    { bytes: 4, fill: (out: number, state: number, n: number) => randint(out, state, n, 0, 7) },
  ];
  for (const { bytes, fill } of draws) {
    for (const n of [0, 1, 15, 16, 17, 33]) {
      core.scratch(n * bytes + 32, (pointer) => {
        const all = new Uint8Array(core.memory.wasm.buffer, pointer, n * bytes + 32).fill(0xa5);
        fill(pointer + 16, mt.pointer, n);
        const around = [...all.subarray(0, 16), ...all.subarray(16 + n * bytes)];
        expect(around).toEqual(Array(32).fill(0xa5));
      });
    }
  }
});

test('a uniform number of 0 gives the normal number +0, also where the cosine or the sine is negative', () => {
  const { words, pointer } = mt;
  words.fill(0, 0, 8);
  for (let i = 8; i < 16; i++) words[i] = Math.imul(i, 0x9e3779b1) >>> 0;
  words[624] = 0;
  mt.words = words;
  core.scratch(64, (out) => {
    core.exports.randn_f32(out, pointer, 16);
    expect([...core.memory.view('int32', out, 16)]).toEqual(Array(16).fill(0));
  });
});
