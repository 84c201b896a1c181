import fc from 'fast-check';
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

test('any sequence of allocations and releases agrees with a model', () => {
  // A step allocates that many bytes, or where it is negative releases one of the blocks there are.
  const steps = fc.array(fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: -1000, max: -1 })), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(steps, (steps) => {
      const memory = fresh(64);
      const blocks: { pointer: number; bytes: number }[] = [];
      for (const step of steps) {
        if (step >= 0) {
          const bytes = Math.max(16, Math.ceil(step / 16) * 16);
          const pointer = memory.allocate(step);
          expect(pointer % 16).toBe(0);
          expect(pointer).toBeGreaterThanOrEqual(100);
          expect(pointer + bytes + 32).toBeLessThanOrEqual(memory.wasm.buffer.byteLength);
          for (const block of blocks) {
            expect(pointer >= block.pointer + block.bytes || pointer + bytes <= block.pointer).toBe(true);
          }
          blocks.push({ pointer, bytes });
        } else if (blocks.length > 0) {
          memory.release(blocks.splice(-step % blocks.length, 1)[0]!.pointer);
        }
        expect(memory.usedBytes).toBe(blocks.reduce((sum, { bytes }) => sum + bytes, 0));
      }
      // With everything released, all of it is one block again.
      const total = memory.wasm.buffer.byteLength;
      for (const { pointer } of blocks) memory.release(pointer);
      expect(memory.usedBytes).toBe(0);
      const all = memory.allocate(total - 112 - 32);
      expect(all).toBe(112);
      expect(memory.wasm.buffer.byteLength).toBe(total);
    }),
    { numRuns: 200 },
  );
});

test('a block that fits a hole takes it, and memory does not grow', () => {
  const memory = fresh();
  const [, hole] = [memory.allocate(64), memory.allocate(64), memory.allocate(64)];
  memory.release(hole);
  expect(memory.allocate(48)).toBe(hole);
  expect(memory.allocate(16)).toBe(hole + 48);
});
