// A report as a page: what stands in it, whatever the names and values are.

import { describe, expect, test } from 'vitest';
import type { NdArray } from '../../src/base/ndarray.js';
import { prove } from '../../src/proof/prove.js';
import type { ProofReport } from '../../src/proof/report.js';
import type { GradientReport, ReportData, Verdict } from '../../src/proof/schema.js';
import { type HtmlReport, reportHtml } from '../../src/report.js';
import { hg } from '../support/handgrad.js';
import { notebook, withBackward } from './functions.js';

const small = notebook({ B: 8, V: 7, E: 3, T: 2, H: 6 });

function proved(from = '', to = '', written = small): ProofReport {
  if (!written.backward.includes(from)) throw new Error(`expected a line with ${from}`);
  return prove(hg, withBackward(written, written.backward.replace(from, to)));
}

/** A row that says nothing but its verdict. */
function gradient(name: string, verdict: Verdict, more: Partial<GradientReport> = {}): GradientReport {
  return {
    ...{
      name,
      kind: 'gradient' as const,
      shape: [2],
      verdict,
      ownFault: verdict === 'wrong',
      exact: false,
      approximate: false,
      maxdiff: Number.NaN,
    },
    ...{
      error: null,
      bound: null,
      share: 1,
      worst: null,
      nonFinite: { nan: 0, infinite: 0 },
      diagnosis: null,
      notes: [],
    },
    ...more,
  };
}

function report(gradients: readonly GradientReport[], more: Partial<HtmlReport> = {}): HtmlReport {
  return {
    format: 'handgrad-report-1',
    name: 'proof',
    dtype: 'float32',
    ok: false,
    root: gradients.find(({ ownFault }) => ownFault)?.name ?? null,
    reference: { kind: 'autograd', trusted: true, directions: [], control: null },
    gradients,
    chain: [],
    ...more,
  };
}

const array = (shape: number[], data: number[]): NdArray => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(data),
});
const count = (text: string, part: string | RegExp) => text.split(part).length - 1;
/** Text without tags. */
const plain = (html: string) =>
  html
    .replace(/<(style|script)>[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('the page', () => {
  const right = reportHtml(proved());
  const wrong = reportHtml(proved('t.counts_sum.pow(-2).neg()', 't.counts_sum.pow(-2)'));

  test('is a whole file that loads nothing', () => {
    for (const html of [right, wrong]) {
      expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
      expect(html).toMatch(/<\/html>\n$/);
      expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|\bsrc=|@import|url\((?!#)/);
      expect(html).not.toMatch(/ on[a-z]+="/);
      expect(count(html, '<script>')).toBe(1);
    }
  });

  test('says that all is right', () => {
    expect(right).toContain('<strong>Right: all 26 gradients</strong>');
    expect(right).not.toContain('Where to look');
    expect(count(right, '<details ')).toBe(26);
    expect(count(right, / open>/)).toBe(0);
    expect(plain(right)).toContain('Control: dlogprobs scaled by 1 + 2 −20 in float64 was found wrong');
  });

  test('names the first wrong step, what is wrong with it, and what inherits it', () => {
    const text = plain(wrong);
    expect(text).toContain('Not right: the first wrong step is dcounts_sum');
    expect(text).toContain('dcounts_sum : has the opposite sign.');
    expect(text).toMatch(/dcounts_sum_inv , as counts_sum_inv from counts_sum , ending in pow/);
    expect(text).toMatch(/\d+ other gradients inherit a fault/);
    expect(count(wrong, / open>/)).toBe(1);
  });

  test('has a row, a node and a section for each gradient, which are linked', () => {
    expect(count(wrong, '<tr role="row"')).toBe(27);
    expect(count(wrong, '<a class="node ')).toBe(26);
    for (let i = 0; i < 26; i++) {
      expect(wrong).toContain(`<details id="g${i}"`);
      expect(count(wrong, `href="#g${i}"`)).toBeGreaterThanOrEqual(2);
    }
  });

  test('tells the state of a node by class, by symbol and by text', () => {
    const node = (classes: string) =>
      plain(
        wrong
          .split(`<a class="node ${classes}"`)[1]!
          .split('</a>')[0]!
          .replace(/^[^>]*>/, ''),
      );
    expect(node('wrong root')).toBe(' ✗ dcounts_sum first wrong step ');
    expect(node('inherited')).toBe(' ↳ dcounts inherited ');
    expect(node('exact')).toMatch(/^ = d\w+ exact $/);
  });

  test('is the same for the same report', () => {
    expect(reportHtml(proved())).toBe(right);
  });

  test('of the notebook in its own size is below 1 MB, and every element has its cell', () => {
    const html = reportHtml(proved('-1 / t.n)', '-1 / (t.n - 1))', notebook()));
    expect(new TextEncoder().encode(html).length).toBeLessThan(1_000_000);
    expect(html).not.toContain('more elements than cells');
    expect(html).toMatch(/data-columns="64" data-cells="2048"/);
  });

  test('of a report from JSON has all but the pictures', () => {
    const parsed = JSON.parse(
      JSON.stringify(proved('t.counts_sum.pow(-2).neg()', 't.counts_sum.pow(-2)')),
    ) as ReportData;
    const html = reportHtml(parsed);
    expect(html).not.toContain('class="maps"');
    expect(plain(html)).toContain('first wrong step is dcounts_sum');
  });
});

describe('verdicts', () => {
  test('a gradient that was not written', () => {
    const html = reportHtml(proved('d.bngain =', 't.unused ='));
    expect(plain(html)).toContain('Not right: nothing was given for dbngain');
    expect(plain(html)).toContain('The backward function never wrote dbngain');
    expect(html).toMatch(/<a class="node unclaimed"/);
    // The reference is shown all the same.
    expect(html).toContain('The reference&#39;s dbngain');
  });

  test('a gradient of the wrong shape has two pictures, which share no cursor', () => {
    const html = reportHtml(proved('d.b2 = d.logits.sum(0);', 'd.b2 = d.logits;'));
    expect(html).toContain('Candidate db2');
    expect(html).toContain('data-shape="8,7"');
    expect(plain(html)).toContain('Expected shape [7], got [8, 7]; a sum over axis 0 is missing.');
  });

  test('undecided', () => {
    const rows = [
      gradient('x', 'exact', { exact: true }),
      gradient('y', 'undecided', { notes: ['finite inputs would decide'] }),
    ];
    const text = plain(reportHtml(report(rows)));
    expect(text).toContain('Undecided: these inputs cannot tell of dy');
    expect(text).toContain('Finite inputs would decide.');
    expect(text).toContain('? undecided');
  });

  test('no gradients, and a reference that cannot be trusted', () => {
    expect(plain(reportHtml(report([])))).toContain('Undecided: no gradients');
    const directions = [{ reference: 1, difference: 2, estimatedError: 1e-9 }];
    const reference = { kind: 'autograd', trusted: false, directions, control: { name: 'x', found: false } } as const;
    const text = plain(reportHtml(report([gradient('x', 'exact')], { reference })));
    expect(text).toContain('Undecided: the reference cannot be trusted');
    const harmless = report([gradient('x', 'exact')], {
      reference: { kind: 'autograd', trusted: true, directions: [], control: null },
    });
    expect(plain(reportHtml(harmless))).toContain('Undecided: no fault could show here');
    expect(text).toContain('differences of the forward pass disagree with it');
    expect(text).toContain('was not found wrong: this proves nothing');
  });

  test('what the wrong elements have in common is said where the fault has no name', () => {
    const html = reportHtml(
      proved('d.counts = t.counts_sum_inv.mul(d.probs);', 'd.counts = t.counts_sum.mul(d.probs);'),
    );
    expect(plain(html)).toContain('1 in each row');
    expect(plain(html)).toContain('These are just the elements at which dprobs is not 0');
    const slope = plain(reportHtml(proved('hg.onesLike(t.h).sub(t.h.pow(2))', 'hg.onesLike(t.h).sub(t.h)')));
    expect(slope).toMatch(/Divided by dh , element by element, it is .* it should be/);
  });
});

describe('values', () => {
  const worst = { index: [1], candidate: Number.NaN, reference: 2, truth: 2 };
  const one = (name: string, shape: number[], candidate: number[], reference: number[]) =>
    reportHtml(
      report([gradient(name, 'wrong', { shape, worst, bound: 1e-6 })], {
        values: new Map([
          [
            name,
            { candidate: array(shape, candidate), reference: array(shape, reference), truth: array(shape, reference) },
          ],
        ]),
      }),
    );

  test('NaN and infinities are marked', () => {
    const html = one('x', [4], [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], [1, 2, 3, 4]);
    expect(html).toContain('class="hg-off" d="M1.2 0.2l.6 .6m0-.6l-.6 .6M2.15 0.8h.7l-.35-.6zM3.15 0.2h.7l-.35 .6z"');
    expect(html).toContain('candidate <b data-digits="7">NaN</b>');
    expect(plain(html)).toContain('NaN');
  });

  test('a scalar, an empty tensor and one of many axes', () => {
    expect(one('x', [], [1], [2])).toContain('a scalar; arrow keys');
    expect(one('x', [0, 3], [], [])).toContain('It has no elements.');
    const many = Array.from({ length: 24 }, (_, i) => i);
    expect(one('x', [2, 3, 4], many, many)).toContain(
      'data-columns="4" data-cells="24" data-first="0" data-shape="2,3,4"',
    );
  });

  test('of large tensors several elements share a cell, and the page stays below 1 MB', () => {
    const data = new Float32Array(1024 * 1024).map((_, i) => Math.sin(i));
    const large = { dtype: 'float32', shape: [1024, 1024], data } as const;
    const names = Array.from({ length: 12 }, (_, i) => `W${i}`);
    const html = reportHtml(
      report(
        names.map((name) => gradient(name, 'exact', { shape: [1024, 1024], exact: true })),
        { values: new Map(names.map((name) => [name, { candidate: large, reference: large, truth: large }])) },
      ),
    );
    expect(html).toContain('There are more elements than cells');
    expect(new TextEncoder().encode(html).length).toBeLessThan(1_000_000);
  });
});

describe('names', () => {
  const name = '"><script>alert(1)</script>&\u202e\n';

  test('are text wherever they stand', () => {
    const values = { candidate: array([2], [1, 2]), reference: array([2], [1, 2]), truth: array([2], [1, 2]) };
    const html = reportHtml(
      report(
        [
          gradient(name, 'wrong', { diagnosis: { kind: 'sign', text: name }, notes: [name] }),
          gradient(`${name}2`, 'undecided', { notes: [name] }),
          gradient('y', 'unclaimed'),
        ],
        {
          name,
          chain: [{ name: 'y', from: [name, `${name}2`], operation: name }],
          reference: { kind: 'given', trusted: true, directions: [], control: { name, found: true } },
          values: new Map([[name, values]]),
        },
      ),
    );
    expect(count(html, '<script>')).toBe(1);
    expect(html).not.toContain('alert(1)<');
    expect(html).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;\\u202e\\u000a');
    expect(html).not.toContain('\u202e');
  });
});

describe('refused', () => {
  test.each([[undefined], [null], [1], ['report'], [{}], [{ format: 'handgrad-report-2', gradients: [] }]])(
    '%j',
    (value) => {
      expect(() => reportHtml(value as never)).toThrow(/^report: expected /);
    },
  );

  test('surplus arguments', () => {
    expect(() => reportHtml(report([]), ...([1] as unknown as []))).toThrow('reportHtml: expected at most 1 arguments');
  });
});
