// A kernel in the user's own WebAssembly module, called on typed arrays.

import { integer } from '../base/check.js';
import { ProofError } from '../base/errors.js';
import { options as checkedOptions } from '../base/options.js';
import { show } from '../base/show.js';
import { refuseSurplus } from '../base/surplus.js';
import { typedArrayName } from '../base/typedArrays.js';

/** Numbers for the kernel, or an array that is copied into its memory, of which it gets the address. */
export type WasmArgument = number | bigint | Float32Array | Float64Array | Int32Array;

/** Where the module is called. */
export interface WasmKernelOptions {
  /** Its memory. Default: the export `memory`. */
  memory?: WebAssembly.Memory;
  /** The first address that is free. Default: behind the memory as it is, which grows. */
  base?: number;
}

const pageBytes = 65536;
/** Bytes before and behind each array that the kernel must not write to. */
const guardBytes = 64;
const guard = 0xa5;

type Exports = Readonly<Record<string, unknown>>;

/**
 * The export `name` of a module as a function of typed arrays: each is copied into the module's memory, 16-byte aligned, and back when
 * the call has ended, for any may be an output. What stands around them is checked, so that a kernel that writes too far is found, and
 * views are made anew where memory has grown. Throws ProofError.
 *
 * @example const backward = wasmKernel(instance, 'layernorm_backward_f32');
 */
export function wasmKernel(
  instance: { readonly exports: Exports },
  name: string,
  options?: WasmKernelOptions,
  ...surplus: never[]
): (...values: WasmArgument[]) => unknown {
  refuseSurplus('wasmKernel', 3, surplus);
  const given = checkedOptions('options', options, ['memory', 'base']);
  const exports = instance?.exports;
  const run = exports?.[name];
  if (typeof run !== 'function') {
    const functions = Object.keys(exports ?? {}).filter((key) => typeof exports[key] === 'function');
    throw new ProofError(
      `name: expected an exported function, one of ${functions.join(', ') || 'none'}, got ${show(name)}`,
    );
  }
  const memory = given.memory ?? exports.memory;
  if (!(memory instanceof WebAssembly.Memory)) {
    throw new ProofError(
      `memory: expected the module's memory, got ${show(memory)}; a module that imports it takes { memory }`,
    );
  }
  const base = integer('base', given.base ?? memory.buffer.byteLength, 0, 2 ** 32);
  return (...values) => {
    const blocks = layOut(values, base);
    const end = blocks.at(-1)?.end ?? base;
    if (end > memory.buffer.byteLength) memory.grow(Math.ceil((end - memory.buffer.byteLength) / pageBytes));
    const bytes = new Uint8Array(memory.buffer);
    bytes.fill(guard, base, end);
    for (const { array, address } of blocks) bytes.set(bytesOf(array), address);
    const addressOf = (value: WasmArgument) =>
      typeof value === 'object' ? blocks.find(({ array }) => isSameMemory(array, value))!.address : value;
    const result: unknown = run(...values.map(addressOf));
    // The call may have grown the memory, which detaches every view.
    const after = new Uint8Array(memory.buffer);
    checkGuards(name, after, blocks, base);
    for (const { array, address } of blocks) bytesOf(array).set(after.subarray(address, address + array.byteLength));
    return result;
  };
}

interface Block {
  /** Of the argument. */
  readonly index: number;
  readonly array: Exclude<WasmArgument, number | bigint>;
  readonly address: number;
  /** Behind its guard. */
  readonly end: number;
}

function layOut(values: readonly WasmArgument[], base: number): Block[] {
  const blocks: Block[] = [];
  const aligned = (address: number) => Math.ceil(address / 16) * 16;
  values.forEach((value, index) => {
    if (typeof value === 'number' || typeof value === 'bigint') return;
    if (!['Float32Array', 'Float64Array', 'Int32Array'].includes(typedArrayName(value) ?? '')) {
      throw new ProofError(
        `argument ${index}: expected a number or an array of float32, float64 or int32, got ${show(value)}`,
      );
    }
    // One array that is given twice, as a result in place is, has one address.
    if (blocks.some(({ array }) => isSameMemory(array, value))) return;
    const address = aligned((blocks.at(-1)?.end ?? base) + guardBytes);
    blocks.push({ index, array: value, address, end: address + value.byteLength + guardBytes });
  });
  return blocks;
}

function checkGuards(name: string, bytes: Uint8Array, blocks: readonly Block[], base: number): void {
  let from = base;
  for (const { index, address, array, end } of blocks) {
    const changed = (start: number, stop: number) => bytes.subarray(start, stop).findIndex((byte) => byte !== guard);
    const behind = changed(address + array.byteLength, end);
    const where = changed(from, address) >= 0 ? 'before' : behind >= 0 ? `${behind} bytes behind` : undefined;
    if (where !== undefined) {
      throw new ProofError(`${name}: expected writes inside its arrays, got one ${where} that of argument ${index}`);
    }
    from = end;
  }
}

/** Whether two arrays are views of the same memory, as a result in place and what it replaces. */
function isSameMemory(a: Block['array'], b: Block['array']): boolean {
  return a.buffer === b.buffer && a.byteOffset === b.byteOffset && a.byteLength === b.byteLength;
}

function bytesOf({ buffer, byteOffset, byteLength }: Block['array']): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
