import { afterEach, expect, test, vi } from 'vitest';
import {
  CoreError,
  create,
  init,
  ModuleError,
  OutOfMemoryError,
  PolicyError,
  ReleasedError,
  UnsupportedError,
} from '../../src/index.js';
import { moduleBytes } from '../support/builds.js';
import { toBase64 } from '../support/bytes.js';

const wasm = moduleBytes('strict');

afterEach(() => vi.restoreAllMocks());

test('init gives the same core again, and a new one after disposal', async () => {
  const [first, second] = await Promise.all([init(), init({ build: 'strict' })]);
  expect(second).toBe(first);
  first.dispose();
  expect(first.disposed).toBe(true);
  const third = await init();
  expect(third).not.toBe(first);
  expect(third.tensor([1, 2]).sum().item()).toBe(3);
});

test('cores made by create live side by side', async () => {
  const [a, b] = await Promise.all([create(), create()]);
  const [x, y] = [a.tensor([1, 2]), b.tensor([3, 4])];
  a.dispose();
  expect(y.sum().item()).toBe(7);
  expect(() => x.data).toThrow(ReleasedError);
  expect(() => a.tensor([1])).toThrow(CoreError);
  expect(() => a.randn([3])).toThrow(CoreError);
});

test.each<[string, () => BufferSource | WebAssembly.Module | Response | string]>([
  ['bytes', () => wasm],
  ['a module', () => new WebAssembly.Module(wasm)],
  ['a Response', () => new Response(wasm)],
  ['a URL', () => `data:application/wasm;base64,${toBase64(wasm)}`],
])('the module may be given as %s', async (_, source) => {
  const hg = await create({ wasm: source() });
  expect(hg.tensor([1, 2]).exp().sum().item()).toBeCloseTo(Math.E + Math.E ** 2, 5);
});

const html = new TextEncoder().encode('<!doctype html><p>Not found');
const foreign = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
/** A module of one function, heapBase. */
const alike = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 7, 12, 1, 8, 104, 101, 97, 112, 66, 97, 115, 101, 0,
  0, 10, 6, 1, 4, 0, 65, 16, 11,
]);

test.each<[string, Parameters<typeof create>[0], new (...args: never[]) => Error, RegExp]>([
  [
    'HTML',
    { wasm: html },
    ModuleError,
    /^wasm: expected a WebAssembly module, got 27 bytes that begin with "<!doctype html>/,
  ],
  ['no bytes', { wasm: new Uint8Array() }, ModuleError, /got 0 bytes/],
  ['a truncated module', { wasm: wasm.subarray(0, 1000) }, ModuleError, /^wasm: expected a WebAssembly module/],
  ['a foreign module', { wasm: foreign }, ModuleError, /^wasm: expected the module of this package/],
  [
    'a module that has a function of the same name',
    { wasm: alike },
    ModuleError,
    /^wasm: .* got one without its functions/,
  ],
  ['status 404', { wasm: new Response('', { status: 404 }) }, ModuleError, /got status 404/],
  ['an unknown scheme', { wasm: 'nowhere:core.wasm' }, ModuleError, /^wasm: expected a module from nowhere:core\.wasm/],
  [
    'a number',
    { wasm: 7 as never },
    TypeError,
    /^wasm: expected bytes, a URL, a Response or a WebAssembly\.Module, got 7/,
  ],
  [
    'no page',
    { memory: { maximumPages: 0 } },
    RangeError,
    /^memory\.maximumPages: expected an integer from 1 to 65536, got 0/,
  ],
  ['too many pages', { memory: { maximumPages: 65537 } }, RangeError, /^memory\.maximumPages/],
  [
    'fewer than at first',
    { memory: { initialPages: 3, maximumPages: 2 } },
    RangeError,
    /^memory\.initialPages: .* 1 to 2/,
  ],
])('create refuses %s', async (_, options, type, message) => {
  const failure = await create(options).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(type);
  expect((failure as Error).message).toMatch(message);
});

test('a memory has no more pages than it was given', async () => {
  const hg = await create({ memory: { maximumPages: 2 } });
  expect(() => hg.zeros([40_000])).toThrow(OutOfMemoryError);
  expect(hg.zeros([10_000]).sum().item()).toBe(0);
});

test('an engine without SIMD, and a policy without WebAssembly, are errors that say what to do', async () => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  await expect(create()).rejects.toThrow(UnsupportedError);
  vi.restoreAllMocks();
  vi.spyOn(WebAssembly, 'compile').mockRejectedValue(
    new WebAssembly.CompileError(
      "WebAssembly.compile(): Refused to compile: 'unsafe-eval' is not allowed by Content Security Policy",
    ),
  );
  await expect(create()).rejects.toThrow(PolicyError);
  await expect(create()).rejects.toThrow("'wasm-unsafe-eval'");
});

test('without WebAssembly there is no core', async () => {
  vi.stubGlobal('WebAssembly', undefined);
  await expect(create()).rejects.toThrow(UnsupportedError);
  vi.unstubAllGlobals();
});

test('auto is relaxed where the engine has it', async () => {
  const hg = await create({ build: 'auto' });
  expect(hg.build).toBe(WebAssembly.validate(moduleBytes('relaxed')) ? 'relaxed' : 'strict');
  expect(hg.tensor([2]).mul(3).item()).toBe(6);
});

test('init shares one core, create makes a core of its own', async () => {
  const [shared, again, own] = await Promise.all([init(), init(), create({ memory: { maximumPages: 2 } })]);
  expect(again).toBe(shared);
  expect(own).not.toBe(shared);
  expect(() => own.zeros([40_000])).toThrow(OutOfMemoryError);
  await expect(create({ wasm: new Uint8Array(4) })).rejects.toThrow(ModuleError);
  for (const options of [{ wasm: new Uint8Array(4) }, { memory: { maximumPages: 2 } }] as object[]) {
    await expect(init(options)).rejects.toThrow(/^options: expected build alone .* create\(\)/);
  }
});
