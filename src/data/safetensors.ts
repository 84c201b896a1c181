// The safetensors format: a header size (8 bytes, little-endian), a header in JSON, then the tensors' bytes without a gap.
// https://huggingface.co/docs/safetensors

import { object, string } from '../base/check.js';
import { FormatError } from '../base/errors.js';
import { checkedNdArray, type DType, dtypes, type NdArray, type StoredArray } from '../base/ndarray.js';
import { elementCount } from '../base/shape.js';
import { escapeControls, show } from '../base/show.js';
import { refuseSurplus } from '../base/surplus.js';
import { bytes as checkedBytes } from '../base/typedArrays.js';
import { parseStrictJson } from './strictJson.js';
import { hasLoneSurrogate } from './surrogates.js';

/** What a safetensors file holds: tensors, and metadata, which is text by name. */
export interface Safetensors {
  /** The tensors by name, in the order of their bytes. */
  readonly tensors: ReadonlyMap<string, StoredArray>;
  readonly metadata: Readonly<Record<string, string>>;
}

const sizeBytes = 8;
const largestHeader = 100_000_000;
const stored = {
  F64: { storedDType: 'float64', bytes: 8 },
  I64: { storedDType: 'int64', bytes: 8 },
  F32: { storedDType: 'float32', bytes: 4 },
  I32: { storedDType: 'int32', bytes: 4 },
  F16: { storedDType: 'float16', bytes: 2 },
  BF16: { storedDType: 'bfloat16', bytes: 2 },
} as const;
const written = { float64: 'F64', float32: 'F32', int32: 'I32' } as const satisfies Record<DType, string>;

interface Entry {
  readonly name: string;
  readonly dtype: keyof typeof stored;
  readonly shape: number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * The tensors and metadata of a safetensors file: F32, F64, I32 and, when its values fit int32, I64; F16 and BF16 widened to
 * float32, which has all their values, and the bits of their NaNs. `storedDType` says what a tensor was in the file. Throws
 * FormatError, beginning with `name`, for everything that the format does not allow, duplicate keys among it, and for other dtypes.
 *
 * @example const { tensors } = parseSafetensors(await readFile('model.safetensors'), 'model.safetensors');
 */
export function parseSafetensors(bytes: Uint8Array, name: string = 'safetensors', ...surplus: never[]): Safetensors {
  refuseSurplus('parseSafetensors', 2, surplus);
  return parse(checkedBytes('bytes', bytes), escapeControls(string('name', name)));
}

function parse(bytes: Uint8Array, name: string): Safetensors {
  const { header, start } = readHeader(bytes, name);
  const { __metadata__: metadata = {}, ...rest } = header;
  if (!isObject(metadata))
    throw new FormatError(`${name}: expected __metadata__ to be an object, got ${show(metadata)}`);
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') {
      throw new FormatError(`${name}: expected __metadata__ ${show(key)} to be a string, got ${show(value)}`);
    }
  }
  const half = [...Object.keys(rest), ...Object.entries(metadata as Record<string, string>).flat()].find(
    hasLoneSurrogate,
  );
  if (half !== undefined) throw new FormatError(`${name}: expected whole characters, got half a pair in ${show(half)}`);
  const entries = Object.entries(rest).map(([tensor, value]) =>
    readEntry(tensor, value, `${name}: tensor ${show(tensor)}`),
  );
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const entry of entries) {
    if (entry.begin !== end) {
      throw new FormatError(`${name}: tensor ${show(entry.name)}: expected bytes from ${end} on, got ${entry.begin}`);
    }
    end = entry.end;
  }
  if (start + end !== bytes.length) {
    throw new FormatError(`${name}: expected ${end} bytes of tensors, got ${bytes.length - start}`);
  }
  const tensors = new Map(entries.map((entry) => [entry.name, readTensor(bytes, start, entry, name)]));
  return { tensors, metadata: metadata as Record<string, string> };
}

/**
 * A safetensors file of `tensors`, in their order but with 8-byte dtypes first, so that all are aligned. The same arguments
 * give the same bytes. Throws RangeError for the name "__metadata__" and for names and metadata of more than 100 MB, TypeError
 * for metadata that is no string and for half a surrogate pair in a text, and a ShapeError or DTypeError for a tensor whose
 * parts don't fit together.
 *
 * @example await writeFileAtomic('C.safetensors', formatSafetensors({ C }, { eps: '1e-5' }));
 */
export function formatSafetensors(
  tensors: ReadonlyMap<string, NdArray> | Readonly<Record<string, NdArray>>,
  metadata: Readonly<Record<string, string>> = {},
  ...surplus: never[]
): Uint8Array<ArrayBuffer> {
  refuseSurplus('formatSafetensors', 2, surplus);
  const given =
    tensors instanceof Map ? [...tensors] : entriesOf('tensors', tensors as Readonly<Record<string, NdArray>>);
  const arrays = given.map(([name, array]) => ({
    name: checkedText('tensors: a name', name),
    ...checkedNdArray(`tensors ${show(name)}`, array),
  }));
  arrays.sort((a, b) => dtypes[b.dtype].bytes - dtypes[a.dtype].bytes);
  const texts = entriesOf('metadata', metadata);
  for (const [key, value] of texts) {
    checkedText('metadata: a name', key);
    checkedText(`metadata ${show(key)}`, value);
  }
  const items: [string, unknown][] = texts.length > 0 ? [['__metadata__', Object.fromEntries(texts)]] : [];
  let end = 0;
  for (const { name, dtype, shape, data } of arrays) {
    if (name === '__metadata__') throw new RangeError('tensors: expected names of tensors, got "__metadata__"');
    const begin = end;
    end += data.byteLength;
    items.push([name, { dtype: written[dtype], shape, data_offsets: [begin, end] }]);
  }
  const json = new TextEncoder().encode(
    `{${items.map((item) => item.map((part) => JSON.stringify(part)).join(':')).join(',')}}`,
  );
  const start = sizeBytes + Math.ceil(json.length / 8) * 8;
  if (start - sizeBytes > largestHeader) {
    throw new RangeError(`tensors: expected names and metadata of at most ${largestHeader} bytes, got ${json.length}`);
  }
  const bytes = new Uint8Array(start + end).fill(0x20, sizeBytes, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - sizeBytes), true);
  bytes.set(json, sizeBytes);
  let offset = start;
  for (const { data } of arrays) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

function readHeader(bytes: Uint8Array, name: string): { header: Record<string, unknown>; start: number } {
  if (bytes.length < sizeBytes) {
    throw new FormatError(`${name}: expected a header size of ${sizeBytes} bytes, got a file of ${bytes.length}`);
  }
  const size = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const largest = Math.min(largestHeader, bytes.length - sizeBytes);
  if (size > BigInt(largest)) {
    throw new FormatError(`${name}: expected a header of at most ${largest} bytes, got a size of ${size}`);
  }
  const start = sizeBytes + Number(size);
  const header = parseHeader(bytes.subarray(sizeBytes, start), name);
  if (!isObject(header)) throw new FormatError(`${name}: expected the header to be an object, got ${show(header)}`);
  return { header, start };
}

function parseHeader(bytes: Uint8Array, name: string): unknown {
  if (bytes[0] !== 0x7b)
    throw new FormatError(`${name}: expected the header to begin with "{", got byte ${bytes[0] ?? 'none'}`);
  try {
    return parseStrictJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    const got = escapeControls((cause as Error).message);
    throw new FormatError(`${name}: expected the header to be UTF-8 JSON without duplicate keys, got: ${got}`, {
      cause,
    });
  }
}

function readEntry(name: string, value: unknown, context: string): Entry {
  if (!isObject(value) || Object.keys(value).sort().join() !== 'data_offsets,dtype,shape') {
    const got = isObject(value)
      ? `the keys ${escapeControls(Object.keys(value).join(', ').slice(0, 60))}`
      : show(value);
    throw new FormatError(`${context}: expected dtype, shape and data_offsets, got ${got}`);
  }
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(stored, dtype)) {
    throw new FormatError(`${context}: expected dtype ${Object.keys(stored).join(' or ')}, got ${show(dtype)}`);
  }
  if (!isSizes(shape)) throw new FormatError(`${context}: expected a shape of sizes, got ${show(shape)}`);
  if (!isSizes(offsets) || offsets.length !== 2) {
    throw new FormatError(`${context}: expected data_offsets of two integers, got ${show(offsets)}`);
  }
  const entry = { name, dtype: dtype as Entry['dtype'], shape, begin: offsets[0]!, end: offsets[1]! };
  const length = elementCount(shape) * stored[entry.dtype].bytes;
  if (entry.end - entry.begin !== length) {
    const got = `${entry.end - entry.begin} (data_offsets ${show(offsets)})`;
    throw new FormatError(`${context}: expected ${length} bytes for ${dtype} ${show(shape)}, got ${got}`);
  }
  return entry;
}

function readTensor(bytes: Uint8Array, start: number, entry: Entry, file: string): StoredArray {
  const copy = new Uint8Array(bytes.subarray(start + entry.begin, start + entry.end)).buffer;
  const { shape } = entry;
  const { storedDType } = stored[entry.dtype];
  switch (storedDType) {
    case 'float64':
      return { dtype: storedDType, shape, data: new Float64Array(copy), storedDType };
    case 'int32':
      return { dtype: storedDType, shape, data: new Int32Array(copy), storedDType };
    case 'int64':
      return { dtype: 'int32', shape, data: narrowed(new BigInt64Array(copy), entry.name, file), storedDType };
    case 'float32':
      return { dtype: storedDType, shape, data: new Float32Array(copy), storedDType };
    default: {
      const widen = storedDType === 'float16' ? widenedFloat16 : widenedBfloat16;
      return { dtype: 'float32', shape, data: widen(new Uint16Array(copy)), storedDType };
    }
  }
}

function narrowed(values: BigInt64Array, name: string, file: string): Int32Array {
  const data = Int32Array.from(values, Number);
  const outside = data.findIndex((value, index) => BigInt(value) !== values[index]);
  if (outside >= 0) {
    throw new FormatError(
      `${file}: tensor ${show(name)}: expected I64 values that fit int32, got ${values[outside]} at index ${outside}`,
    );
  }
  return data;
}

/** A bfloat16 is the upper half of a float32. */
function widenedBfloat16(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
}

/**
 * Sign, exponent and fraction of a float16 in the places that float32 has for them give the number times 2^-112, subnormal ones
 * too. Infinities and NaNs get float32's largest exponent instead of the factor.
 */
function widenedFloat16(halves: Uint16Array): Float32Array {
  const bits = Uint32Array.from(halves, (half) => ((half & 0x8000) << 16) | ((half & 0x7fff) << 13));
  const values = new Float32Array(bits.buffer);
  halves.forEach((half, i) => {
    if ((half & 0x7c00) === 0x7c00) bits[i]! |= 0x7f80_0000;
    else values[i]! *= 2 ** 112;
  });
  return values;
}

function entriesOf<Value>(name: string, value: Readonly<Record<string, Value>>): [string, Value][] {
  if (Symbol.iterator in object(name, value)) {
    throw new TypeError(`${name}: expected an object with values by name, got ${show(value)}`);
  }
  return Object.entries(value);
}

/** `value` when it is a string that UTF-8 can hold; otherwise a TypeError. */
function checkedText(name: string, value: unknown): string {
  const text = string(name, value);
  if (hasLoneSurrogate(text))
    throw new TypeError(`${name}: expected whole characters, got half a pair in ${show(text)}`);
  return text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
