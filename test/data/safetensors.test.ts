import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DTypeError, FormatError, ShapeError } from '../../src/base/errors.js';
import { type DType, dtypes, type NdArray } from '../../src/base/ndarray.js';
import { elementCount } from '../../src/base/shape.js';
import { formatSafetensors, parseSafetensors } from '../../src/data/safetensors.js';
import { ndarray } from '../support/arrays.js';
import { fromBase64 } from '../support/bytes.js';
import { fixture, fromPython } from '../support/fixture.js';

/** A file with this header, however wrong, and this many bytes of tensors. */
function file(header: string | object, dataBytes: number, size?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, size ?? BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

const entry = (dtype: string, shape: unknown, begin: unknown, end: unknown) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

const headerText = (bytes: Uint8Array) => {
  const size = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return new TextDecoder().decode(bytes.subarray(8, 8 + size));
};

const array: fc.Arbitrary<NdArray> = fc
  .tuple(
    fc.constantFrom<DType[]>('float32', 'float64', 'int32'),
    fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }),
    fc.infiniteStream(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  )
  .map(([dtype, shape, values]) => {
    const count = elementCount(shape);
    const words = new Int32Array(2 * count + 4).map(() => values.next().value!);
    const data = new dtypes[dtype].array(words.buffer, 8, count);
    return { dtype, shape, data };
  });
const tensors = fc
  .uniqueArray(fc.tuple(fc.string({ unit: 'binary', maxLength: 8 }), array), {
    selector: ([name]) => name,
    maxLength: 5,
  })
  .filter((entries) => entries.every(([name]) => name !== '__metadata__'))
  .map((entries) => new Map(entries));
const metadata = fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), { noNullPrototype: true });

/** The bytes behind an array: NaNs of any payload compare. */
const bits = ({ dtype, shape, data }: NdArray) => ({
  dtype,
  shape,
  bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
});

test('tensors and metadata come back bit for bit', () => {
  fc.assert(
    fc.property(tensors, metadata, fc.integer({ min: 0, max: 7 }), (tensors, metadata, shift) => {
      const bytes = formatSafetensors(tensors, metadata);
      const shifted = new Uint8Array(bytes.length + shift);
      shifted.set(bytes, shift);
      const parsed = parseSafetensors(shifted.subarray(shift));
      expect(parsed.metadata).toEqual(metadata);
      expect([...parsed.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
      for (const [name, tensor] of tensors) expect(bits(parsed.tensors.get(name)!)).toEqual(bits(tensor));
    }),
  );
});

test('the same tensors give the same bytes, aligned to their size', () => {
  fc.assert(
    fc.property(tensors, metadata, (tensors, metadata) => {
      const bytes = formatSafetensors(tensors, metadata);
      expect(formatSafetensors(new Map(tensors), { ...metadata })).toEqual(bytes);
      const header = headerText(bytes);
      expect(header.length % 8 === 0 || new TextEncoder().encode(header).length % 8 === 0).toBe(true);
      const { __metadata__: _, ...entries } = JSON.parse(header);
      for (const { dtype, data_offsets: offsets } of Object.values<{ dtype: string; data_offsets: number[] }>(
        entries,
      )) {
        expect(offsets[0]! % (dtype === 'F64' ? 8 : 4)).toBe(0);
      }
    }),
  );
});

test('the bytes of a small file', () => {
  const bytes = formatSafetensors({ b: ndarray('float32', [1]), i: ndarray('int32', [2]), d: ndarray('float64', [3]) });
  expect(headerText(bytes).trimEnd()).toBe(
    '{"d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},' +
      '"i":{"dtype":"I32","shape":[1],"data_offsets":[12,16]}}',
  );
  expect([...bytes.subarray(-16)]).toEqual([0, 0, 0, 0, 0, 0, 8, 64, 0, 0, 128, 63, 2, 0, 0, 0]);
  expect(headerText(formatSafetensors({}))).toBe('{}      ');
});

test("a file of Python's safetensors is read, int64 into int32", async () => {
  const golden = await fixture<{
    file: string;
    metadata: Record<string, string>;
    tensors: Record<string, { shape: number[]; values: string[] }>;
  }>('safetensors.json');
  const parsed = parseSafetensors(fromBase64(golden.file));
  expect(parsed.metadata).toEqual(golden.metadata);
  expect(parsed.tensors.size).toBe(6);
  for (const [name, { shape, values }] of Object.entries(golden.tensors)) {
    const tensor = parsed.tensors.get(name)!;
    expect(tensor.shape).toEqual(shape);
    expect([...tensor.data]).toEqual(values.map(fromPython));
  }
  expect([...parsed.tensors.values()].map(({ dtype }) => dtype)).toEqual([
    'int32',
    'float64',
    'float32',
    'float32',
    'float32',
    'int32',
  ]);
});

/** A file with one tensor of this dtype, whose bytes are those of `words`. */
function fileOf(dtype: string, words: Uint16Array): Uint8Array {
  const bytes = file({ a: entry(dtype, [words.length], 0, words.byteLength) }, words.byteLength);
  bytes.set(new Uint8Array(words.buffer), bytes.length - words.byteLength);
  return bytes;
}

/** The value of a float of 16 bits: a sign, an exponent, and `fractionBits` of fraction. */
function naive(word: number, fractionBits: number): number {
  const exponentBits = 15 - fractionBits;
  const sign = word >= 0x8000 ? -1 : 1;
  const exponent = Math.floor((word % 0x8000) / 2 ** fractionBits);
  const fraction = (word % 2 ** fractionBits) / 2 ** fractionBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias));
}

describe.each([
  ['F16', 'float16', 10],
  ['BF16', 'bfloat16', 7],
] as const)('%s', (dtype, storedDType, fractionBits) => {
  const words = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i);
  const tensor = parseSafetensors(fileOf(dtype, words)).tensors.get('a')!;

  test('is widened to float32, exactly, for each of its 65,536 values', () => {
    expect(tensor).toMatchObject({ dtype: 'float32', storedDType, shape: [2 ** 16] });
    const wrong = [...words].filter((word) => !Object.is(tensor.data[word], naive(word, fractionBits)));
    expect(wrong).toEqual([]);
  });

  test('keeps sign and payload of its NaNs', () => {
    const bits = new Uint32Array(tensor.data.buffer);
    const nans = [...words].filter((word) => Number.isNaN(naive(word, fractionBits)));
    expect(nans).toHaveLength(2 * (2 ** fractionBits - 1));
    const expected = (word: number) =>
      (word >= 0x8000 ? 2 ** 31 : 0) + 0x7f80_0000 + (word % 2 ** fractionBits) * 2 ** (23 - fractionBits);
    expect(nans.filter((word) => bits[word] !== expected(word))).toEqual([]);
  });

  test('may begin anywhere in the file and have any shape', () => {
    const bytes = file({ e: entry(dtype, [0, 3], 0, 0), s: entry(dtype, [], 0, 2), v: entry('F32', [1], 2, 6) }, 6);
    bytes.set([0, 0x80, 0, 0, 128, 63], bytes.length - 6);
    const { tensors } = parseSafetensors(bytes);
    expect([...tensors.get('e')!.data]).toEqual([]);
    expect([...tensors.get('s')!.data]).toEqual([-0]);
    expect([...tensors.get('v')!.data]).toEqual([1]);
  });
});

test('what a tensor was in the file is said', () => {
  const types = { F64: 8, I64: 8, F32: 4, I32: 4, F16: 2, BF16: 2 };
  const header = Object.fromEntries(Object.keys(types).map((dtype) => [dtype, entry(dtype, [0], 0, 0)]));
  const said = [...parseSafetensors(file(header, 0)).tensors].map(([name, { dtype, storedDType }]) => [
    name,
    dtype,
    storedDType,
  ]);
  expect(said).toEqual([
    ['F64', 'float64', 'float64'],
    ['I64', 'int32', 'int64'],
    ['F32', 'float32', 'float32'],
    ['I32', 'int32', 'int32'],
    ['F16', 'float32', 'float16'],
    ['BF16', 'float32', 'bfloat16'],
  ]);
});

const one = entry('F32', [1], 0, 4);
test.each<[string, Uint8Array, string]>([
  ['no header size', new Uint8Array(7), 'x: expected a header size of 8 bytes, got a file of 7'],
  ['no header', new Uint8Array(8), 'x: expected the header to begin with "{", got byte none'],
  ['a header beyond the file', file('{}', 0, 3n), 'x: expected a header of at most 2 bytes, got a size of 3'],
  [
    'a header of 2^63',
    file('{}', 0, 2n ** 63n),
    'x: expected a header of at most 2 bytes, got a size of 9223372036854775808',
  ],
  ['a header behind white space', file(' {}', 0), 'x: expected the header to begin with "{", got byte 32'],
  ['a header that is an array', file('[]', 0), 'x: expected the header to begin with "{", got byte 91'],
  ['no JSON', file('{"a"}', 0), 'x: expected the header to be UTF-8 JSON without duplicate keys, got: '],
  ['text behind the JSON', file('{}{}', 0), 'x: expected the header to be UTF-8 JSON without duplicate keys, got: '],
  ['a tensor twice', file('{"a":1,"\\u0061" :2}', 0), 'without duplicate keys, got: duplicate key "a"'],
  ['a key twice', file('{"a":{"dtype":"F32","dtype":"F32"}}', 0), 'without duplicate keys, got: duplicate key "dtype"'],
  ['a size in floating point', file('{"a":{"shape":[1.0]}}', 0), 'got: number 1.0'],
  ['a size with an exponent', file('{"a":{"shape":[1e0]}}', 0), 'got: number 1e0'],
  ['a negative size', file('{"a":{"shape":[-1]}}', 0), 'got: number -1'],
  [
    'a size beyond 2^53',
    file({ a: entry('F32', [2 ** 60], 0, 4) }, 4),
    'x: tensor "a": expected a shape of sizes, got [',
  ],
  ['metadata that is a string', file({ __metadata__: 'a' }, 0), 'x: expected __metadata__ to be an object, got "a"'],
  ['metadata that is null', file({ __metadata__: null }, 0), 'x: expected __metadata__ to be an object, got null'],
  ['metadata with a number', file({ __metadata__: { a: 1 } }, 0), 'x: expected __metadata__ "a" to be a string, got 1'],
  ['a tensor that is a number', file({ a: 1 }, 0), 'x: tensor "a": expected dtype, shape and data_offsets, got 1'],
  [
    'a missing key',
    file({ a: { dtype: 'F32', shape: [] } }, 0),
    'x: tensor "a": expected dtype, shape and data_offsets, got the keys dtype, shape',
  ],
  [
    'a key too many',
    file({ a: { ...one, more: 1 } }, 4),
    'x: tensor "a": expected dtype, shape and data_offsets, got the keys',
  ],
  [
    'another dtype',
    file({ a: entry('F8_E4M3', [4], 0, 4) }, 4),
    'x: tensor "a": expected dtype F64 or I64 or F32 or I32 or F16 or BF16, got "F8_E4M3"',
  ],
  [
    'a float16 of four bytes',
    file({ a: entry('F16', [1], 0, 4) }, 4),
    'x: tensor "a": expected 2 bytes for F16 [1], got 4 (data_offsets [0, 4])',
  ],
  [
    'half a bfloat16',
    file({ a: entry('BF16', [2], 0, 3) }, 3),
    'x: tensor "a": expected 4 bytes for BF16 [2], got 3 (data_offsets [0, 3])',
  ],
  ['a dtype of every object', file({ a: entry('toString', [1], 0, 4) }, 4), 'x: tensor "a": expected dtype'],
  [
    'a shape that is a number',
    file({ a: entry('F32', 1, 0, 4) }, 4),
    'x: tensor "a": expected a shape of sizes, got 1',
  ],
  [
    'a shape of strings',
    file({ a: entry('F32', ['1'], 0, 4) }, 4),
    'x: tensor "a": expected a shape of sizes, got ["1"]',
  ],
  [
    'three offsets',
    file({ a: { ...one, data_offsets: [0, 4, 4] } }, 4),
    'x: tensor "a": expected data_offsets of two integers, got [0, 4, 4]',
  ],
  [
    'more bytes than values',
    file({ a: entry('F32', [1], 0, 8) }, 8),
    'x: tensor "a": expected 4 bytes for F32 [1], got 8 (data_offsets [0, 8])',
  ],
  [
    'offsets that run backwards',
    file({ a: entry('F32', [0], 4, 0) }, 4),
    'x: tensor "a": expected 0 bytes for F32 [0], got -4 (data_offsets [4, 0])',
  ],
  [
    'an overlap',
    file({ a: entry('F32', [2], 0, 8), b: entry('F32', [1], 4, 8) }, 8),
    'x: tensor "b": expected bytes from 8 on, got 4',
  ],
  ['the same bytes twice', file({ a: one, b: one }, 4), 'x: tensor "b": expected bytes from 4 on, got 0'],
  ['a gap', file({ a: one, b: entry('F32', [1], 8, 12) }, 12), 'x: tensor "b": expected bytes from 4 on, got 8'],
  ['a gap at the start', file({ a: entry('F32', [1], 4, 8) }, 8), 'x: tensor "a": expected bytes from 0 on, got 4'],
  ['a file cut off', file({ a: one }, 3), 'x: expected 4 bytes of tensors, got 3'],
  ['bytes at the end', file({ a: one }, 5), 'x: expected 4 bytes of tensors, got 5'],
  [
    'a shape whose product overflows',
    file({ a: entry('F32', Array(40).fill(2 ** 50), 0, 4) }, 4),
    'x: tensor "a": expected ',
  ],
])('a file that breaks the format is refused: %s', (_, bytes, message) => {
  expect(() => parseSafetensors(bytes, 'x')).toThrow(FormatError);
  expect(() => parseSafetensors(bytes, 'x')).toThrow(message);
});

test('an empty tensor may stand anywhere between the others', () => {
  const bytes = file({ a: one, e: entry('F32', [0], 0, 0), f: entry('F32', [0, 2], 4, 4) }, 4);
  expect([...parseSafetensors(bytes).tensors.keys()]).toEqual(['e', 'a', 'f']);
});

test('a header that is not UTF-8 is refused', () => {
  const bytes = file('{"a":1}', 0);
  bytes[10] = 0xff;
  expect(() => parseSafetensors(bytes)).toThrow(FormatError);
});

test('int64 values beyond int32 are refused', () => {
  for (const value of [2n ** 31n, -(2n ** 31n) - 1n, 2n ** 32n, 2n ** 63n - 1n]) {
    const bytes = file({ a: entry('I64', [2], 0, 16) }, 16);
    new DataView(bytes.buffer).setBigInt64(bytes.length - 8, value, true);
    expect(() => parseSafetensors(bytes, 'x')).toThrow(
      new FormatError(`x: tensor "a": expected I64 values that fit int32, got ${value} at index 1`),
    );
  }
});

test('megabytes of metadata are read', () => {
  const metadata = { note: 'a"\\é'.repeat(3e6) };
  expect(parseSafetensors(formatSafetensors({}, metadata)).metadata.note === metadata.note).toBe(true);
});

test('names of object properties are names of tensors', () => {
  const bytes = file('{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4);
  expect([...parseSafetensors(bytes).tensors.keys()]).toEqual(['__proto__']);
  expect(formatSafetensors(new Map([['__proto__', ndarray('float32', [1])]])).length).toBeGreaterThan(16);
});

test('a file that is cut off or longer is refused', () => {
  const bytes = formatSafetensors(
    { C: ndarray('float32', [1, 2, 3, 4], [2, 2]), i: ndarray('int32', [1]) },
    { a: 'b' },
  );
  for (let length = 0; length < bytes.length; length++) {
    expect(() => parseSafetensors(bytes.slice(0, length))).toThrow(FormatError);
  }
  expect(() => parseSafetensors(Uint8Array.of(...bytes, 0))).toThrow(FormatError);
});

test('a corrupted file is refused, or read as its header says', () => {
  const corruption = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 });
  let refused = 0;
  let read = 0;
  fc.assert(
    fc.property(tensors, metadata, corruption, (tensors, metadata, changes) => {
      const bytes = formatSafetensors(tensors, metadata);
      for (const [place, value] of changes) bytes[place % bytes.length] = value;
      let parsed: ReturnType<typeof parseSafetensors>;
      try {
        parsed = parseSafetensors(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        refused++;
        return;
      }
      read++;
      const header = headerText(bytes);
      const data = bytes.subarray(8 + new TextEncoder().encode(header).length);
      const names: Record<string, string> = { F32: 'float32', F64: 'float64', I32: 'int32' };
      let total = 0;
      for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries<ReturnType<typeof entry>>(
        JSON.parse(header),
      )) {
        if (name === '__metadata__') continue;
        const tensor = parsed.tensors.get(name)!;
        if (dtype in names) {
          expect(bits(tensor)).toEqual({
            dtype: names[dtype],
            shape,
            bytes: data.slice(...(offsets as [number, number])),
          });
        }
        total += (offsets[1] as number) - (offsets[0] as number);
      }
      expect(total).toBe(data.length);
    }),
    { numRuns: 2000 },
  );
  expect(refused).toBeGreaterThan(100);
  expect(read).toBeGreaterThan(100);
});

test('any bytes and any JSON are refused with a FormatError, or read', () => {
  const attempt = (bytes: Uint8Array) => {
    try {
      parseSafetensors(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(FormatError);
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), attempt));
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (header) => attempt(file(header, 0))));
  const sizes = fc.oneof(fc.nat(16), fc.double(), fc.constant(-1), fc.constant(null));
  const record = fc.record({
    dtype: fc.constantFrom('F32', 'F64', 'I32', 'I64', 'F16', 'BF16', 'BOOL', ''),
    shape: fc.array(sizes, { maxLength: 3 }),
    data_offsets: fc.array(sizes, { maxLength: 3 }),
  });
  fc.assert(fc.property(fc.dictionary(fc.string(), record), fc.nat(32), (header, n) => attempt(file(header, n))));
});

test('what can not be written is refused', () => {
  const C = ndarray('float32', [1, 2]);
  expect(() => formatSafetensors({ __metadata__: C })).toThrow(RangeError);
  expect(() => formatSafetensors({ C }, { eps: 1e-5 as unknown as string })).toThrow(
    new TypeError('metadata "eps": expected a string, got 0.00001'),
  );
  expect(() => formatSafetensors({ C: { ...C, shape: [3] } })).toThrow(
    new ShapeError('tensors "C": expected 3 values of shape [3], got 2'),
  );
  expect(() => formatSafetensors({ C: { ...C, dtype: 'float16' as DType } })).toThrow(DTypeError);
  expect(() => formatSafetensors({ C: { ...C, dtype: 'int32' } })).toThrow(
    new DTypeError('tensors "C": expected data in Int32Array, got a Float32Array'),
  );
  expect(() => parseSafetensors('x' as unknown as Uint8Array)).toThrow(TypeError);
});

/** Names that mean something to JavaScript or to nobody. */
const oddName = fc.oneof(
  fc.constantFrom(
    '',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '0',
    '10',
    'length',
    '\0',
    '\u2028',
    '"\\',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);

test('whatever is written is read back equal, odd names and empty shapes among it', () => {
  const named = fc
    .uniqueArray(fc.tuple(oddName, array), { selector: ([name]) => name, maxLength: 8 })
    .filter((entries) => entries.every(([name]) => name !== '__metadata__'));
  const texts = fc.uniqueArray(fc.tuple(oddName, fc.string({ unit: 'binary' })), { selector: ([name]) => name });
  fc.assert(
    fc.property(named, texts, fc.boolean(), (entries, texts, asMap) => {
      const written = formatSafetensors(
        asMap ? new Map(entries) : Object.fromEntries(entries),
        Object.fromEntries(texts),
      );
      const { tensors, metadata } = parseSafetensors(written);
      expect(new Map(Object.entries(metadata))).toEqual(new Map(texts));
      expect(tensors.size).toBe(entries.length);
      for (const [name, tensor] of entries) expect(bits(tensors.get(name)!)).toEqual(bits(tensor));
    }),
  );
});

test.each<[string, () => unknown, string]>([
  [
    'a name of half a pair',
    () => formatSafetensors({ '\ud800': ndarray('float32', [1]) }),
    'tensors: a name: expected whole characters, got half a pair in "\\ud800"',
  ],
  [
    'the same in a Map',
    () => formatSafetensors(new Map([['\udc00', ndarray('float32', [1])]])),
    'tensors: a name: expected whole',
  ],
  ['metadata named so', () => formatSafetensors({}, { 'a\ud800': '' }), 'metadata: a name: expected whole characters'],
  [
    'metadata with it',
    () => formatSafetensors({}, { a: '\ud800' }),
    'metadata "a": expected whole characters, got half a pair in "\\ud800"',
  ],
  [
    'a name that is a number',
    () => formatSafetensors(new Map([[3, ndarray('float32', [1])]]) as never),
    'tensors: a name: expected a string, got 3',
  ],
  [
    'metadata that is a number',
    () => formatSafetensors({}, { a: 3 } as never),
    'metadata "a": expected a string, got 3',
  ],
  [
    'metadata in a Map',
    () => formatSafetensors({}, new Map([['a', 'b']]) as never),
    'metadata: expected an object with values by name, got a Map',
  ],
  [
    'tensors in a Set',
    () => formatSafetensors(new Set([1]) as never),
    'tensors: expected an object with values by name, got a Set',
  ],
  ['no metadata', () => formatSafetensors({}, null as never), 'metadata: expected an object, got null'],
  ['no tensors', () => formatSafetensors(null as never), 'tensors: expected an object, got null'],
  ['text for tensors', () => formatSafetensors('C' as never), 'tensors: expected an object, got "C"'],
  [
    'a list of tensors',
    () => formatSafetensors([ndarray('float32', [1])] as never),
    'tensors: expected an object with values by name, got [',
  ],
  [
    'an argument too many',
    () => formatSafetensors({}, {}, 1 as never),
    'formatSafetensors: expected at most 2 arguments, got 3',
  ],
  [
    'a view of bytes',
    () => parseSafetensors(new DataView(new ArrayBuffer(10)) as never),
    'bytes: expected a Uint8Array, got a DataView',
  ],
  [
    'wider numbers',
    () => parseSafetensors(new Float64Array(10) as never),
    'bytes: expected a Uint8Array, got a Float64Array',
  ],
  ['no bytes', () => parseSafetensors(null as never), 'bytes: expected a Uint8Array, got null'],
  ['a name that is none', () => parseSafetensors(new Uint8Array(10), 3 as never), 'name: expected a string, got 3'],
  [
    'one more',
    () => parseSafetensors(new Uint8Array(10), 'x', 3 as never),
    'parseSafetensors: expected at most 2 arguments, got 3',
  ],
])('a TypeError says so: %s', (_, attempt, message) => {
  expect(attempt).toThrow(TypeError);
  expect(attempt).toThrow(message);
});

test('a header of 100,000,000 bytes is written, one beyond it is not', () => {
  // Six bytes for each of these characters.
  const rest = 100_000_000 - '{"__metadata__":{"a":""}}'.length;
  const text = '\x01'.repeat(Math.floor(rest / 6)) + ' '.repeat(rest % 6);
  expect(formatSafetensors({}, { a: text }).length).toBe(100_000_008);
  expect(() => formatSafetensors({}, { a: `${text} ` })).toThrow(
    new RangeError('tensors: expected names and metadata of at most 100000000 bytes, got 100000001'),
  );
  expect(() => formatSafetensors({}, { a: 'x'.repeat(100_000_001) })).toThrow(
    new RangeError('tensors: expected names and metadata of at most 100000000 bytes, got 100000026'),
  );
});

test('a header of 100,000,000 bytes is read, one beyond it is not', () => {
  const bytes = new Uint8Array(8 + 100_000_001);
  for (const [size, message] of [
    [100_000_000n, 'x: expected the header to begin with "{", got byte 0'],
    [100_000_001n, 'x: expected a header of at most 100000000 bytes, got a size of 100000001'],
  ] as const) {
    new DataView(bytes.buffer).setBigUint64(0, size, true);
    expect(() => parseSafetensors(bytes, 'x')).toThrow(new FormatError(message));
  }
});

test.each<[string, string, string]>([
  [
    'lists in one another',
    `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    'more than 100 arrays and objects in one another',
  ],
  ['lists without an end', `{"a":${'['.repeat(100_000)}`, 'more than 100 arrays and objects in one another'],
  ['objects in one another', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 'more than 100 arrays'],
  ['a text without an end', '{"a', ''],
  ['an escape without an end', '{"a\\', ''],
  ['control characters', '{\x1b\n\x9b\u202e', ''],
  ['a long number', `{"a":1.${'0'.repeat(10_000)}}`, 'number 1.0000'],
])('a header of %s is a FormatError of one short line', (_, header, got) => {
  const parse = () => parseSafetensors(file(header, 0), 'a\n\x1b');
  expect(parse).toThrow(FormatError);
  try {
    parse();
  } catch (error) {
    const { message } = error as Error;
    expect(message).toContain(
      `a\\u000a\\u001b: expected the header to be UTF-8 JSON without duplicate keys, got: ${got}`,
    );
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(message.length).toBeLessThan(300);
  }
});

test.each<[string, object]>([
  ['a name', { '\ud800': entry('F32', [1], 0, 4) }],
  ['metadata', { __metadata__: { a: '\ud800' }, b: entry('F32', [1], 0, 4) }],
  ['a name of metadata', { __metadata__: { '\udc00': 'a' }, b: entry('F32', [1], 0, 4) }],
])('%s with half a surrogate pair is a FormatError', (_, header) => {
  expect(() => parseSafetensors(file(header, 4), 'x')).toThrow(FormatError);
  expect(() => parseSafetensors(file(header, 4), 'x')).toThrow('x: expected whole characters, got half a pair in "\\u');
});

test('a message does not grow with the file', () => {
  for (const header of [
    { a: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key\x1b${i}`, i])) },
    { a: entry('F32', Array(10_000).fill(1), 0, 8) },
    { ['n'.repeat(10_000)]: 1 },
  ]) {
    try {
      parseSafetensors(file(header, 8), 'x');
      expect.unreachable('expected a FormatError');
    } catch (error) {
      expect(error).toBeInstanceOf(FormatError);
      expect((error as Error).message.length).toBeLessThan(300);
      expect((error as Error).message).not.toMatch(/\p{Cc}/u);
    }
  }
});
