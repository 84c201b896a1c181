import { expect, test } from 'vitest';
import { pythonFloat, pythonString } from '../../src/base/python.js';
import { fixture } from '../support/fixture.js';

const golden = await fixture<{ floats: [string, string][]; strings: [string, string][] }>('python.json');

test('floats are written as Python writes them', () => {
  for (const [bits, repr] of golden.floats) {
    const bytes = new BigUint64Array([BigInt(`0x${bits}`)]);
    expect(pythonFloat(new Float64Array(bytes.buffer)[0]!)).toBe(repr);
  }
});

test('strings are written as Python writes them', () => {
  for (const [text, repr] of golden.strings) expect(pythonString(text)).toBe(repr);
});
