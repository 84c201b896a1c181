// What a WebAssembly binary declares: just enough of the format's sections to tell what a module could change.

/** A global, and whether it can be set. */
export interface Global {
  readonly mutable: boolean;
}

/** A data segment: where in memory it goes (undefined for a passive one), and its size. */
export interface DataSegment {
  readonly offset: number | undefined;
  readonly bytes: number;
}

export interface WasmSections {
  /** module.field of every import. */
  readonly imports: readonly string[];
  readonly exports: readonly string[];
  readonly globals: readonly Global[];
  /** Index of the start function, undefined without one. */
  readonly start: number | undefined;
  readonly data: readonly DataSegment[];
}

const ids = { import: 2, global: 6, export: 7, start: 8, data: 11 } as const;
const opcode = { i32Const: 0x41, i64Const: 0x42, f32Const: 0x43, f64Const: 0x44, globalGet: 0x23, end: 0x0b } as const;

/** The sections of a binary; throws where it is none, or holds what is not read here. */
export function wasmSections(binary: Uint8Array): WasmSections {
  if (new DataView(binary.buffer, binary.byteOffset).getUint32(0) !== 0x0061736d)
    throw new Error('no WebAssembly binary');
  const sections = new Map<number, Reader>();
  for (const file = new Reader(binary, 8, binary.length); !file.done; ) {
    const id = file.byte();
    const bytes = file.unsigned();
    sections.set(id, file.part(bytes));
  }
  const items = <Item>(id: number, read: (section: Reader) => Item): Item[] => {
    const section = sections.get(id);
    return section === undefined ? [] : Array.from({ length: section.unsigned() }, () => read(section));
  };
  return {
    imports: items(ids.import, readImport),
    exports: items(ids.export, (section) => {
      const name = section.name();
      section.byte();
      section.unsigned();
      return name;
    }),
    globals: items(ids.global, (section) => {
      section.byte();
      const mutable = section.byte() === 1;
      section.constant();
      return { mutable };
    }),
    start: sections.get(ids.start)?.unsigned(),
    data: items(ids.data, (section) => {
      const kind = section.unsigned();
      if (kind === 2) section.unsigned();
      const offset = kind === 1 ? undefined : section.constant();
      const bytes = section.unsigned();
      section.part(bytes);
      return { offset, bytes };
    }),
  };
}

function readImport(section: Reader): string {
  const name = `${section.name()}.${section.name()}`;
  const kind = section.byte();
  if (kind === 0) section.unsigned();
  else if (kind === 2) section.limits();
  else if (kind === 3) section.part(2);
  else {
    section.byte();
    section.limits();
  }
  return name;
}

class Reader {
  readonly #binary: Uint8Array;
  readonly #end: number;
  #at: number;

  constructor(binary: Uint8Array, start: number, end: number) {
    this.#binary = binary;
    this.#at = start;
    this.#end = end;
  }

  get done(): boolean {
    return this.#at >= this.#end;
  }

  byte(): number {
    if (this.done) throw new Error(`the binary ends at ${this.#at}`);
    return this.#binary[this.#at++]!;
  }

  /** An unsigned LEB128 number. */
  unsigned(): number {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  /** A reader of the next `bytes` bytes, which this one passes over. */
  part(bytes: number): Reader {
    const part = new Reader(this.#binary, this.#at, this.#at + bytes);
    this.#at += bytes;
    return part;
  }

  name(): string {
    const length = this.unsigned();
    const text = new TextDecoder().decode(this.#binary.subarray(this.#at, this.#at + length));
    this.#at += length;
    return text;
  }

  limits(): void {
    const flags = this.unsigned();
    this.unsigned();
    if (flags & 1) this.unsigned();
  }

  /** Passes over a constant expression; its value where that is an i32 of at least 0. */
  constant(): number {
    const code = this.byte();
    let value = Number.NaN;
    if (code === opcode.f32Const) this.part(4);
    else if (code === opcode.f64Const) this.part(8);
    else if (code === opcode.i32Const || code === opcode.i64Const || code === opcode.globalGet) value = this.unsigned();
    else throw new Error(`a constant expression begins with ${code}`);
    if (this.byte() !== opcode.end) throw new Error('a constant expression of more than one instruction');
    return value;
  }
}
