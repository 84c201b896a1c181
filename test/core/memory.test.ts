import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CoreError, OutOfMemoryError } from '../../src/base/errors.js';
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

test.each([Number.NaN, -1, 0.5, -Infinity, '16' as never, undefined as never, null as never, {} as never])(
  'allocate, release and view refuse %s, and change nothing',
  (wrong) => {
    const memory = fresh();
    const pointer = memory.allocate(16);
    for (const call of [
      () => memory.allocate(wrong),
      () => memory.release(wrong),
      () => memory.view('float32', wrong, 1),
      () => memory.view('float32', pointer, wrong),
      () => memory.address(wrong),
    ]) {
      expect(call).toThrow(RangeError);
    }
    expect(memory.usedBytes).toBe(16);
    expect(memory.allocate(16)).toBe(pointer + 16);
  },
);

test('nothing below the first block, and nothing beyond the end, is viewed or given out to be written', () => {
  const memory = fresh();
  expect(() => memory.view('float32', 96, 1)).toThrow(/^pointer: expected an address of at least 112, got 96/);
  expect(() => memory.address(0)).toThrow(RangeError);
  expect(() => memory.view('float64', 112, 65536 / 8)).toThrow(RangeError);
  expect(memory.address(112)).toBe(112);
});

test('memory grows seldom, by half of what there is', () => {
  const wasm = new WebAssembly.Memory({ initial: 1, maximum: 4096 });
  const memory = new Memory(wasm, 100);
  let grown = 0;
  let size = wasm.buffer.byteLength;
  for (let i = 0; i < 3000; i++) {
    memory.allocate(65536);
    if (wasm.buffer.byteLength > size) grown++;
    size = wasm.buffer.byteLength;
  }
  expect(grown).toBeLessThan(25);
});

test('where half as much again is more than there may be, it grows by what is missing', () => {
  const memory = fresh(5);
  memory.allocate(3 * 65536);
  memory.allocate(65536);
  expect(memory.wasm.buffer.byteLength).toBe(5 * 65536);
});

test.each([1, 16, 63])('a block that fills %i more pages takes them, and one beyond them takes another', (pages) => {
  const size = (1 + pages) * 65536 - 112 - 32;
  for (const [beyond, taken] of [
    [0, pages],
    [16, pages + 1],
  ] as const) {
    const memory = fresh(100);
    expect(memory.allocate(size + beyond)).toBe(112);
    expect(memory.wasm.buffer.byteLength).toBe((1 + taken) * 65536);
  }
});

test('the error of a full memory tells how many tensors are alive, the largest, and what to do', () => {
  const memory = fresh(2);
  memory.allocate(1000, { dtype: 'float32', shape: [250] });
  memory.allocate(40_000, { dtype: 'float64', shape: [50, 100] });
  memory.allocate(2512);
  expect(() => memory.allocate(2 ** 20)).toThrow(
    /^memory: expected room for 1\.0 MiB more, got none beyond 0\.1 MiB; 2 tensors are alive, the largest float64 \[50, 100\] of 0\.0 MiB; hg\.scope/,
  );
  expect(() => memory.allocate(Infinity)).toThrow(OutOfMemoryError);
});

test('blocks of the same sizes, taken and given back in any order, need no more memory the second time', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 60 }), (sizes) => {
      const memory = fresh(256);
      const round = () => {
        const pointers = sizes.map((size) => memory.allocate(size));
        pointers.sort((a, b) => (a % 7) - (b % 7));
        for (const pointer of pointers) memory.release(pointer);
      };
      round();
      const before = memory.wasm.buffer.byteLength;
      for (let i = 0; i < 5; i++) round();
      expect(memory.wasm.buffer.byteLength).toBe(before);
    }),
    { numRuns: 50 },
  );
});

test('once it is closed, nothing is allocated, and what is released late does no harm', () => {
  const memory = fresh();
  const pointer = memory.allocate(16);
  memory.close();
  expect(() => memory.allocate(16)).toThrow(CoreError);
  memory.release(pointer);
  expect(memory.usedBytes).toBe(0);
});
