// What the room makes of a module's text, of its fields, and of a chain.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placed } from '../../site/src/proof/chainLayout.js';
import { lineOfSyntaxError, lineOfTypeScript, ModuleTextError, piecesOf } from '../../site/src/proof/moduleText.js';
import { packedWork, readFields, readWork, standard } from '../../site/src/proof/options.js';
import type { Piece } from '../../site/src/proof/sandbox/protocol.js';

describe('the pieces of a module', () => {
  const shown = (pieces: readonly Piece[]) =>
    pieces.map((piece) => (typeof piece === 'string' ? piece : `<${piece.library}>`)).join('');

  test.each([
    ["import { a } from 'handgrad';", 'import { a } from <handgrad>;'],
    ['import * as k\n  from "handgrad/kernels"', 'import * as k\n  from <handgrad/kernels>'],
    ["import 'handgrad'", 'import <handgrad>'],
    [
      "export { a } from 'handgrad'; export * from 'handgrad';",
      'export { a } from <handgrad>; export * from <handgrad>;',
    ],
    ["const m = await import('handgrad');", 'const m = await import(<handgrad>);'],
  ])('of %j name the library', (code, expected) => {
    expect(shown(piecesOf(code))).toBe(expected);
  });

  test('have the names that are wanted, with their lines', () => {
    const code =
      "import d, {\n a, b as c,\n default as e } from 'handgrad';\nexport { f as g } from 'handgrad/proof';\nimport * as k from 'handgrad'";
    expect(piecesOf(code).filter((piece) => typeof piece !== 'string')).toEqual([
      {
        library: 'handgrad',
        names: [
          { name: 'default', line: 1 },
          { name: 'a', line: 2 },
          { name: 'b', line: 2 },
          { name: 'default', line: 3 },
        ],
      },
      { library: 'handgrad/proof', names: [{ name: 'f', line: 4 }] },
      { library: 'handgrad', names: [] },
    ]);
  });

  test.each([
    "export default 'handgrad';",
    "const a = 'handgrad'; // import 'handgrad'",
    'const a = `import "handgrad"`;',
    "import('https://elsewhere.test/');",
    "const from = 'node:fs';",
    'export default {',
  ])('of %j are its text alone', (code) => {
    expect(piecesOf(code)).toEqual([code]);
  });

  test.each([
    [
      "\nimport 'node:fs';",
      2,
      "expected 'handgrad' or 'handgrad/kernels' or 'handgrad/proof', for there are no others here, got 'node:fs'",
    ],
    ["// a\r\n\r\nexport * from './own.js';", 3, "got './own.js'"],
    ["import a from 'https://elsewhere.test/a.js'", 1, "got 'https://elsewhere.test/a.js'"],
  ])('of %j can not be had', (code, line, message) => {
    expect(() => piecesOf(code)).toThrow(ModuleTextError);
    expect(() => piecesOf(code)).toThrow(expect.objectContaining({ line, message: expect.stringContaining(message) }));
  });

  test('put together are the text, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (before, after) => {
        const code = `/* ${before.replaceAll('*', '')} */ import { a } from 'handgrad';\n// ${after}`;
        const pieces = piecesOf(code);
        const text = pieces.map((piece) => (typeof piece === 'string' ? piece : `'${piece.library}'`)).join('');
        expect(text).toBe(code);
        expect(pieces.length).toBe(3);
      }),
    );
  });
});

test.each([
  ['const a = 1;\nlet b = ;\n', 2],
  ['export default {\n  a: 1\n  b: 2,\n};', 3],
  ['export default { a: [1, 2] };', null],
])('the syntax error of %j is in line %j', (code, line) => {
  expect(lineOfSyntaxError(code)).toBe(line);
});

test.each([
  ['\nconst a: number = 1;', 2],
  ["import type { Proof } from 'handgrad/proof';", 1],
  ['export default { a: 1 } satisfies object;', 1],
  ['const a = 1 as const;', 1],
  ['\n\ninterface A { b: number }', 3],
  ['function f<T>(a: T, b?: number) {}', 1],
  ["import { a as b } from 'handgrad';\nconst c = { as: 1, type: 2 };", null],
  ['const a = ;', null],
])('%j has its first TypeScript in line %j', (code, line) => {
  expect(lineOfTypeScript(code)).toBe(line);
});

describe('work that is kept or shared', () => {
  test('is read as it was written', () => {
    const work = { code: 'α\n', fields: { ...standard, seed: '7' }, before: 'mine' };
    expect(readWork(packedWork(work))).toEqual(work);
  });

  test('of an older or another shape is filled up, or refused', () => {
    expect(readWork('{"code":"a","seed":3}')).toEqual({ code: 'a', fields: standard, before: null });
    expect(readWork('{"code":"a","dtype":"float16"}').fields).toEqual(standard);
    for (const text of ['', 'null', '3', '[]', '{"code":1}']) expect(() => readWork(text), text).toThrow();
  });

  test.each([
    ['seed', '-1'],
    ['seed', '4294967296'],
    ['seed', ''],
    ['repeat', '0'],
    ['repeat', '1.5'],
    ['seconds', '601'],
    ['seconds', 'ten'],
  ])('with %s %j is complained of', (name, value) => {
    expect(readFields({ ...standard, [name]: value })).toEqual({
      complaints: [expect.stringContaining(`got ${JSON.stringify(value)}`)],
    });
  });

  test('gives the options', () => {
    const fields = { dtype: 'float64', seed: '4294967295', repeat: '1000', seconds: '600' };
    expect(readFields(fields)).toEqual({
      options: { dtype: 'float64', seed: 2 ** 32 - 1, repeat: 1000, seconds: 600 },
    });
  });
});

describe('a chain', () => {
  const step = (name: string, ...from: string[]) => ({ name, from, operation: 'mul' });

  test('has what is computed above what it is computed from, whatever the names', () => {
    const chain = [step('constructor', '__proto__', 'x'), step('loss', 'constructor', '__proto__')];
    const { nodes, edges, width, height } = placed(chain, () => 80);
    const y = Object.fromEntries(nodes.map((node) => [`of ${node.name}`, node.y]));
    expect(y['of loss']).toBeLessThan(y['of constructor']!);
    expect(y['of constructor']).toBeLessThan(y['of __proto__']!);
    expect(edges.map(({ from, to }) => `${from} ${to}`).sort()).toEqual(
      ['constructor __proto__', 'constructor x', 'loss __proto__', 'loss constructor'].sort(),
    );
    for (const { x, y, width: own } of nodes) {
      expect(x - own / 2).toBeGreaterThanOrEqual(0);
      expect(x + own / 2).toBeLessThanOrEqual(width);
      expect(y).toBeLessThan(height);
    }
    expect(edges.every(({ path }) => /^M[-\d. ]+([LQ][-\d. ]+)+$/.test(path))).toBe(true);
  });

  test('that runs in a circle, or into itself, is laid out all the same', () => {
    expect(placed([step('a', 'b', 'a'), step('b', 'a')], () => 60).edges.length).toBe(2);
  });
});
