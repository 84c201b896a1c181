// Structs in linear memory, which both sides know: `npm run abi` writes the AssemblyScript class of each, and has the words for it.

import type { Memory } from './memory.js';

const typeBytes = { usize: 4, u32: 4, f64: 8 };

/** A field's name, and its type in AssemblyScript. */
export type Field<Name extends string = string> = readonly [name: Name, type: keyof typeof typeBytes];

/** Fields one after the other, each aligned to its size. */
export class Struct<Name extends string> {
  readonly fields: readonly Field<Name>[];
  readonly bytes: number;
  readonly #places = new Map<string, { float: boolean; offset: number }>();

  constructor(fields: readonly Field<Name>[]) {
    this.fields = fields;
    let end = 0;
    for (const [name, type] of fields) {
      const offset = Math.ceil(end / typeBytes[type]) * typeBytes[type];
      this.#places.set(name, { float: type === 'f64', offset });
      end = offset + typeBytes[type];
    }
    this.bytes = end;
  }

  /** The value of a field of the struct at `pointer`. */
  read(memory: Memory, pointer: number, name: Name): number {
    const { float, offset } = this.#places.get(name)!;
    const view = new DataView(memory.wasm.buffer, pointer + offset);
    return float ? view.getFloat64(0, true) : view.getUint32(0, true);
  }

  /** Writes the fields that `values` names. */
  write(memory: Memory, pointer: number, values: Readonly<Partial<Record<Name, number>>>): void {
    const view = new DataView(memory.wasm.buffer, pointer, this.bytes);
    for (const [name, value] of Object.entries<number>(values as Record<string, number>)) {
      const { float, offset } = this.#places.get(name)!;
      if (float) view.setFloat64(offset, value, true);
      else view.setUint32(offset, value, true);
    }
  }
}
