import { expect, test } from 'vitest';
import { Core } from '../../src/core/core.js';
import { Struct } from '../../src/core/struct.js';

const { memory } = await Core.create();

test('fields stand one after the other, each aligned to its size, and are written and read by name', () => {
  const struct = new Struct([
    ['a', 'usize'],
    ['x', 'f64'],
    ['n', 'u32'],
    ['y', 'f64'],
  ]);
  expect(struct.bytes).toBe(32);
  const pointer = memory.allocate(48);
  const view = new DataView(memory.wasm.buffer, pointer);
  for (let i = 0; i < 48; i++) view.setUint8(i, 0xa5);
  struct.write(memory, pointer, { y: -1.5, a: 0xfffffff0, n: 7 });
  expect(view.getUint32(0, true)).toBe(0xfffffff0);
  expect(view.getUint32(16, true)).toBe(7);
  expect(view.getFloat64(24, true)).toBe(-1.5);
  for (const untouched of [4, 8, 12, 20, 32]) expect(view.getUint32(untouched, true)).toBe(0xa5a5a5a5);
  struct.write(memory, pointer, { x: Math.PI });
  expect((['a', 'x', 'n', 'y'] as const).map((name) => struct.read(memory, pointer, name))).toEqual([
    0xfffffff0,
    Math.PI,
    7,
    -1.5,
  ]);
});
