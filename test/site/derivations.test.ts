// What the page says of each tensor: complete, in agreement with the exercises, and set by KaTeX without an error.

import katex from 'katex';
import { describe, expect, test } from 'vitest';
import { derivations } from '../../site/src/content/derivations.js';
import { fusedForms } from '../../site/src/content/fused.js';
import { sums } from '../../site/src/content/sums.js';
import { tex } from '../../site/src/content/tex.js';
import { batchNormInOneGo, crossEntropyInOneGo, operationByOperation } from '../../src/lesson/exercises.js';
import { shapes } from '../../src/mlp/layout.js';

/** Every text of TeX in some data. */
function texOf(data: unknown): string[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) =>
    ['tex', 'formula', 'gradient'].includes(key) && typeof value === 'string' ? [value] : texOf(value),
  );
}

test('every tensor of the model has a derivation, and comes after what it is computed from', () => {
  expect(derivations.map(({ name }) => name).sort()).toEqual(Object.keys(shapes).sort());
  derivations.forEach(({ name, uses }, at) => {
    for (const use of uses) {
      const later = derivations.findIndex((other) => other.name === use);
      expect(later, `${use}, made of ${name}`).toBeGreaterThan(at);
    }
  });
});

describe.each(derivations.map((entry) => [entry.name, entry] as const))('%s', (name, entry) => {
  test('names its axes', () => {
    const names: Readonly<Record<string, RegExp>> = {
      B: /^B examples$/,
      T: /^T /,
      V: /^V /,
      E: /^E /,
      H: /^H /,
      'T E': /^T E /,
      1: /^1 /,
    };
    const shape = shapes[name as keyof typeof shapes];
    expect(entry.axes).toHaveLength(shape.length);
    for (const [axis, dimension] of shape.entries()) expect(entry.axes[axis]).toMatch(names[dimension]!);
  });

  test('is used where other values are made of it', () => {
    const mention = new RegExp(`(?<!\\w)${name}\\[`);
    const uses = Object.entries(sums).filter(
      ([title, paths]) =>
        title in shapes && paths.some(({ factors, where = '' }) => mention.test([...factors, where].join(' '))),
    );
    expect([...entry.uses].sort()).toEqual(uses.map(([title]) => title).sort());
  });

  test('is derived from the chain rule to the gradient, which the exercise has too', () => {
    const step = operationByOperation.find(({ of }) => of === name);
    if (step !== undefined) expect(entry.code).toBe(step.python);
    expect(entry.derivation.at(-1)?.tex).toBe(entry.gradient);
    expect(entry.derivation.length > 0).toBe(!['Xb', 'Yb'].includes(name));
  });

  test('is said in whole sentences', () => {
    for (const text of [entry.meaning, ...entry.derivation.map(({ text }) => text)])
      expect(text).toMatch(/^[A-Z\d(a-z].*[.)]$/);
    expect(entry.title).toMatch(/^[a-z]/);
  });
});

describe('TeX', () => {
  const all = [...new Set([...texOf(derivations), ...texOf(fusedForms)])];

  test.each(all)('%s is set', (source) => {
    const html = katex.renderToString(source, { output: 'mathml', throwOnError: true, strict: 'error' });
    expect(html).toContain('<math');
    // An element of one letter would be set in italics.
    expect(html).not.toMatch(/<mi>.<\/mi>/u);
    expect(source).not.toMatch(/\\text\{[^}]*(?<!\\)_/);
    // Names of tensors stand in \text, and every other word is a command.
    expect(source.replaceAll(/\\(?:text|mathrm|operatorname)\{[^}]*\}|\\[a-z]+/g, '')).not.toMatch(/[A-Za-z]{4,}/);
  });

  test('has the longest name that fits', () => {
    expect(tex`dcounts_sum_inv_{b} + counts_{bj}`).toBe(
      '\\text{dcounts\\_sum\\_inv}_{\\mathrm{b}} + \\text{counts}_{\\mathrm{b}\\mathrm{j}}',
    );
    expect(tex`D[h_{bi}|hpreact_{bi}] \tanh`).toBe(
      '\\frac{\\partial \\text{h}_{\\mathrm{b}\\mathrm{i}}}{\\partial \\text{hpreact}_{\\mathrm{b}\\mathrm{i}}} \\tanh',
    );
    expect(tex`D[C_{ce}]`).toBe('\\frac{\\partial \\text{loss}}{\\partial \\text{C}_{\\mathrm{c}\\mathrm{e}}}');
  });
});

describe('fused forms', () => {
  const wide = new Set(
    Object.entries(shapes).flatMap(([name, shape]) =>
      shape[0] === 'B' && shape.length > 1 && shape[1] !== 1 && name !== 'Xb' ? [name, `d${name}`] : [],
    ),
  );

  /** What the lines of a chain read and write, as `counted.chain` says. */
  function walksOf(lines: readonly string[]) {
    let [reads, writes] = [0, 0];
    for (const line of lines) {
      const [, left, operator, right] = /^\s*(\w+)[^=]*?(\+?)= (.*)$/.exec(line) ?? [];
      if (left === undefined || /\[range/.test(line)) continue;
      const filled = /torch\.(?:ones|zeros)_like\(\w+\)|F\.one_hot\([^=]*num_classes=[^)]*\)|\w+\.view\(.*\)/g;
      const names = new Set(right!.replaceAll(filled, '').match(/\w+/g));
      if (operator === '+') names.add(left);
      reads += [...names].filter((name) => wide.has(name)).length;
      if (wide.has(left) && !/\.view\(/.test(line)) writes++;
    }
    return { reads, writes };
  }

  test.each(fusedForms.map((form) => [form.name, form] as const))('%s walks as often as it says', (_, form) => {
    const steps = form.replaces.map((name) => derivations.find((entry) => entry.name === name)!);
    expect(walksOf(steps.flatMap(({ code }) => code.split('\n')))).toEqual(form.walks.chain);
    expect(form.walks.fused.reads + form.walks.fused.writes).toBeLessThan(
      form.walks.chain.reads + form.walks.chain.writes,
    );
    for (const text of [form.text, form.counted.chain, form.counted.fused]) expect(text).toMatch(/^[A-Z].*\.$/);
    expect(form.derivation.at(-1)!.tex).toContain(form.formula);
  });

  test('of the exercises are the solutions of the exercises', () => {
    const code = (name: string) => fusedForms.find((form) => form.name === name)!.code;
    expect(code('crossEntropy')).toBe(crossEntropyInOneGo.python);
    expect(code('batchNorm')).toBe(batchNormInOneGo.python);
  });
});
