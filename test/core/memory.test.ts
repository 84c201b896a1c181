import { expect, test } from 'vitest';
import { OutOfMemoryError } from '../../src/core/errors.js';
import { Memory } from '../../src/core/memory.js';

const fresh = (maximum = 4) => new Memory(new WebAssembly.Memory({ initial: 1, maximum }), 100);

test('blocks are aligned to 16 bytes and do not overlap', () => {
  const memory = fresh();
  const pointers = [1, 16, 17, 100].map((bytes) => memory.allocate(bytes));
  expect(pointers).toEqual([112, 128, 144, 176]);
  expect(memory.usedBytes).toBe(16 + 16 + 32 + 112);
});

test('released neighbours merge, in any order of release', () => {
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [0, 2, 1],
    [1, 0, 2],
  ]) {
    const memory = fresh();
    const pointers = [64, 64, 64].map((bytes) => memory.allocate(bytes));
    const guard = memory.allocate(16);
    for (const index of order) memory.release(pointers[index]!);
    expect(memory.allocate(192)).toBe(pointers[0]);
    memory.release(guard);
  }
});

test('memory grows, and growth past the maximum is an error that changes nothing', () => {
  const memory = fresh(2);
  const kept = memory.allocate(65536);
  expect(memory.wasm.buffer.byteLength).toBe(2 * 65536);
  expect(() => memory.allocate(65536)).toThrow(OutOfMemoryError);
  expect(memory.usedBytes).toBe(65536);
  memory.release(kept);
  expect(memory.allocate(2 * 65536 - 112 - 32)).toBe(kept);
});

test('releasing what is no block is an error', () => {
  const memory = fresh();
  const pointer = memory.allocate(16);
  memory.release(pointer);
  expect(() => memory.release(pointer)).toThrow(RangeError);
});
