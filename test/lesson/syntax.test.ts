// Cells as they are pasted and typed: what can be read, and what is said of what can't.

import { describe, expect, test } from 'vitest';
import { Notebook, type NotebookOptions } from '../../src/lesson.js';
import { hg } from './cells.js';

function run(source: string, options?: NotebookOptions) {
  const notebook = new Notebook(hg, options);
  notebook.run('import torch');
  return notebook.run(source);
}

describe('a cell is read', () => {
  test.each<[what: string, source: string, output: string]>([
    ['with CRLF', 'x = 1\r\nif x:\r\n    y = 2\r\nx + y', '3'],
    ['with CR', 'x = 1\ry = 2\rx + y', '3'],
    ['with tabs', 'if 1:\n\tx = 1\n\ty = 2\nx + y', '3'],
    ['with a byte order mark', '\uFEFFx = 1\nx', '1'],
    ['with letters of other languages', 'größe = 3\nλ = 4\ngröße + λ', '7'],
    ['with emoji in text', "x = '😀é'\nlen(x), x[0]", "(2, '😀')"],
    ['with a label in front', 'In [52]:\nx = 1\n\nx', '1'],
    ['with a label in its line', 'In [5]: x = 1\nx', '1'],
    ['with output behind it', 'x = 1\nOut[5]: 1\nx', '1'],
    ['with a tensor behind it', 'x = 1\nOut[5]:\n tensor([[1, 2],\n\n        [3, 4]])\nx', '1'],
    ['with the prompts of IPython', 'In [5]: for i in range(3):\n   ...:     x = i\n   ...:\nx', '2'],
    ['with the prompts of Python', '>>> for i in range(3):\n...     x = i\n...\n>>> x', '2'],
    ['with a prompt in its text', "x = '''\n>>> a'''\nlen(x)", '6'],
    ['with the magic of matplotlib', '%matplotlib inline\n1', '1'],
    ['with comments', '# a\nx = 1 # b\n# c\nx', '1'],
    ['with lines that go on', 'x = (1 +\n  2)\ny = 3 + \\\n  4\nx, y', '(3, 7)'],
    ['with statements in one line', 'x = 1; y = 2;\nx + y', '3'],
    ['with a block in one line', 'for i in range(3): x = i\nx', '2'],
    ['with empty lines in blocks', 'if 1:\n\n    x = 1\n\n    # c\n    y = 2\n\nx + y', '3'],
    ['with floats that end in a dot', 'n = 4\nx = torch.tensor([1.,2.]) * 2. - 1./n\nx', 'tensor([1.7500, 3.7500])'],
    ['with such floats as arguments', 'torch.arange(3.)\n', 'tensor([0., 1., 2.])'],
    ['with annotations of parameters', 'def f(x: int) -> int:\n    return x\nf(1)', '1'],
    ['with a list of 10000 numbers', `x = [${'1, '.repeat(10_000)}]\nlen(x)`, '10000'],
  ])('%s', (_, source, output) => {
    expect(run(source)).toEqual({ output: [output], error: null });
  });

  test('even where there is nothing in it', () => {
    for (const source of ['', '\n\n  \n', '# x', 'pass', 'None', 'x = 1'])
      expect(run(source)).toEqual({ output: [], error: null });
  });

  test('without what plots', () => {
    const source =
      'import matplotlib.pyplot as plt\nplt.figure(figsize=(4, 4))\nplt.imshow(torch.ones(2, 2), cmap="gray").axes.x()\nplt.show()';
    expect(run(source)).toEqual({ output: [], error: null });
  });
});

describe('what can not be read is said', () => {
  test.each<[source: string, place: string, message: string]>([
    ['  x = 1', '1:3', 'expected no indentation as in the line before, got 2'],
    ['x = 1\n  y = 2', '2:3', 'expected no indentation as in the line before, got 2'],
    ['if 1:\n    x = 1\n      y = 2', '3:7', 'expected an indentation of 4 as in the line before, got 6'],
    ['if 1:\n    x = 1\n  y = 2', '3:3', 'expected no indentation as in the line before, got 2'],
    ['for i in range(3):\nx = 1', '2:1', 'expected an indented block after ":", got none'],
    ['if 1:\n\tx = 1\n        y = 2', '3:9', 'expected one kind of indentation, got tabs and spaces'],
    ['if x\n    y = 1', '1:5', 'expected ":" at the end, got none'],
    ['if x = 1:\n    pass', '1:6', 'expected "==" to compare, got "="'],
    ['x = (1\ny = 2', '1:5', 'expected ")" to end "(", got none'],
    ['x = torch.ones(2\n', '1:15', 'expected ")" to end "(", got none'],
    ['x = [1, 2', '1:5', 'expected "]" to end "[", got none'],
    ['x = 1)', '1:6', 'expected Python, got ")"'],
    ["x = 'abc\ny = 1", '1:5', "expected ' to end the text, got none"],
    ["x = '''abc\ny = 1", '1:5', "expected ''' to end the text, got none"],
    ["x = 'abc\\'", '1:5', "expected ' to end the text, got none"],
    ["x = f'{1}", '1:5', "expected ' to end the text, got none"],
    ['x = 1 2', '1:7', 'expected Python, got "2"'],
    ['print(“a”)', '1:7', 'expected a character of Python, got "“" (U+201C)'],
    ['x = 3 − 1', '1:7', 'expected Python, got "− 1"'],
    ['x\u200b = 1', '1:2', 'expected a character of Python, got "\\u200b" (U+200B)'],
    ['1 = x', '1:1', 'expected a variable to assign to, got "1"'],
    ['f(x) += 1', '1:1', 'expected a variable to assign to, got "f(x)"'],
    ['print "a"', '1:1', 'print: expected parentheses around what is printed, got none'],
    ['f(a=1, 2)', '1:8', 'expected arguments without a name before those with one, got one after them'],
    ['break', '1:1', 'expected break inside a loop, got it outside'],
    ['for i in [1]:\n    def f():\n        continue', '3:9', 'expected continue inside a loop, got it outside'],
    ['x = 1\nreturn x', '2:1', 'expected return inside a function, got it outside'],
    ['class A: pass', '1:1', "expected the lesson's Python, got a class, which is not part of it"],
    ['try:\n    x\nexcept:\n    pass', '1:1', "expected the lesson's Python, got try, which is not part of it"],
    ['@f\ndef g(): pass', '1:1', "expected the lesson's Python, got a decorator, which is not part of it"],
    ['del x', '1:1', "expected the lesson's Python, got del, which is not part of it"],
    ['x = 1j', '1:5', `expected the lesson's Python, got the complex number "1j", which is not part of it`],
    ['x = 1.e5j', '1:5', `expected the lesson's Python, got the complex number "1.e5j", which is not part of it`],
    ['x = 1e-5.real', '1:5', '1e-5.real: expected an attribute that the float 0.00001 has here, got real'],
    ['x = 1..real', '1:5', '1..real: expected an attribute that the float 1 has here, got real'],
    ['x = 1.e', '1:7', 'expected Python, got "e"'],
    ['x = (1. 2)', '1:9', 'expected Python, got "2)"'],
    ['x = 1__0', '1:5', `expected the lesson's Python, got "1__0", which is not part of it`],
    ["b'a'", '1:1', `expected the lesson's Python, got "b'a'", which is not part of it`],
    ['a, *b = 1, 2', '1:4', `expected the lesson's Python, got "*" before a value, which is not part of it`],
    ['(y := 1)', '1:2', `expected the lesson's Python, got ":=", which is not part of it`],
    ['x: int = 1', '1:1', "expected the lesson's Python, got the type of a variable, which is not part of it"],
    ['!pip install torch', '1:1', 'expected Python, got "!pip install torch"'],
    ['%timeit x', '1:1', 'expected Python, got "%timeit x"'],
    [
      '>>> x = 1\n>>> x\n1\n>>> y',
      '3:1',
      'expected ">>> " or "... " as in the lines before, got "1": remove the lines that were printed',
    ],
    [
      'x = 1\n>>> y = 2',
      '2:1',
      'expected Python, got ">>> y = 2", which has a prompt: remove the prompts, or paste the session alone',
    ],
    ...[
      'logprobs        | exact: True  | approximate: True  | maxdiff: 0.0',
      '      0/ 200000: 3.8127',
      'tensor(3.3039, grad_fn=<NegBackward0>)',
      '<matplotlib.image.AxesImage at 0x7f1c>',
    ].map((line): [string, string, string] => [
      `x = 1\n\n${line}\ny = 2`,
      `3:${line.search(/\S/) + 1}`,
      `expected Python, got ${JSON.stringify(line.trim().slice(0, 40))}, which a cell has printed: remove the lines that were printed`,
    ]),
  ])('%j', (source, place, message) => {
    const { error, output } = run(source);
    expect([`${error!.line}:${error!.column}`, error!.message]).toEqual([place, message]);
    expect(output).toEqual([]);
  });

  test.each<[what: string, source: string, place: string, message: string]>([
    ['a megabyte', 'x = 1\n'.repeat(180_000), '1:1', 'expected a cell of at most 100000 characters, got 1080000'],
    [
      '150 brackets',
      `x = ${'('.repeat(150)}1${')'.repeat(150)}`,
      '1:104',
      'expected at most 100 levels inside each other, got more',
    ],
    [
      '5000 brackets',
      `x = ${'['.repeat(5000)}${']'.repeat(5000)}`,
      '1:2803',
      `expected Python, got "${'['.repeat(40)}"`,
    ],
    ['50000 open ones', '('.repeat(50_000), '1:1', 'expected ")" to end "(", got none'],
    ['150 terms', `x = ${'1 + '.repeat(150)}1`, '1:5', 'expected at most 100 levels inside each other, got more'],
    [
      '150 blocks',
      Array.from({ length: 150 }, (_, i) => `${' '.repeat(i)}if 1:`).join('\n'),
      '150:155',
      'expected Python, got the end of the line',
    ],
  ])('%s', (_, source, place, message) => {
    const { error } = run(source);
    expect([`${error!.line}:${error!.column}`, error!.message]).toEqual([place, message]);
  });

  test('and nothing of the cell is run', () => {
    const notebook = new Notebook(hg);
    notebook.run('x = 1');
    expect(notebook.run('x = 2\nprint(x)\ny = (').output).toEqual([]);
    expect(notebook.run('x').output).toEqual(['1']);
  });
});

describe('what does not end is ended', () => {
  const steps = 100_000;
  const endless = 'expected a cell that ends within 100000 steps, got one that does not';

  test.each([
    ['while True: pass', 'while True: pass'],
    ['x = [1]\nfor y in x: x.append(y)', 'x.append(y)'],
    ["s = 'a'\nwhile True: s += s", 's += s'],
    ['x = torch.ones(100)\nwhile True: x = x + 1', 'x + 1'],
    ['list(range(10 ** 9))', 'list(range(10 ** 9))'],
    ['[0] * 10 ** 12', '[0] * 10 ** 12'],
    ["'a' * 10 ** 10", "'a' * 10 ** 10"],
    ['sum(range(10 ** 12))', 'sum(range(10 ** 12))'],
    ['torch.zeros(100000, 100000)', 'torch.zeros(100000, 100000)'],
    ['torch.arange(10 ** 9)', 'torch.arange(10 ** 9)'],
    ['x = torch.ones(1).expand(10 ** 9)\nx + 1', 'x + 1'],
    ['torch.ones(1).repeat(10 ** 9)', 'torch.ones(1).repeat(10 ** 9)'],
    ['while True: print(1)', 'print(1)'],
    ['[i for i in range(10 ** 9)]', '[i for i in range(10 ** 9)]'],
    ["torch.einsum('i,j->ij', torch.ones(1000), torch.ones(1000))", 'torch.einsum('],
  ])('%s', (source, part) => {
    const { message } = run(source, { steps }).error!;
    expect(message.endsWith(endless)).toBe(true);
    expect(message.startsWith(part.slice(0, 20)) || source.includes('while') || source.includes('for')).toBe(true);
  });

  test.each([
    ['def f(n): return f(n + 1)\nf(0)', 'expected calls that end, got too many inside each other'],
    ['f = lambda n: g(n)\ng = lambda n: f(n)\nf(1)', 'expected calls that end, got too many inside each other'],
    ['x = []\nx.append(x)\nprint(x)', 'print(x): expected at most 100 lists inside each other, got more'],
    ['d = {}\nd[1] = d\nd', 'expected at most 100 lists inside each other, got more'],
    ['x, y = [], []\nx.append(x)\ny.append(y)\nx == y', 'expected calls that end, got too many inside each other'],
    ['x = ()\nfor i in range(9000): x = (x,)\n{x: 1}', 'expected calls that end, got too many inside each other'],
    ['x = []\nx.append(x)\ntorch.tensor(x)', 'torch.tensor(x): expected numbers, got a list'],
    ['2 ** 4096', '2 ** 4096: expected an int of at most 4096 bits, got a larger one'],
    ['10 ** 10 ** 10', '10 ** 10 ** 10: expected an int of at most 4096 bits, got a larger one'],
    ['x = 2\nwhile True: x = x * x', 'x * x: expected an int of at most 4096 bits, got a larger one'],
    ["f'{1:99999999}'", "f'{1:99999999}': expected a format of at most 1000 characters, got '99999999'"],
  ])('%s', (source, message) => {
    expect(run(source, { steps }).error!.message).toBe(message);
  });

  test('calls may be 200 inside each other, and 500 not', () => {
    const calls = (n: number) => run(`def f(n):\n    if n == 0:\n        return 0\n    return 1 + f(n - 1)\nf(${n})`);
    expect(calls(200)).toEqual({ output: ['200'], error: null });
    expect(calls(500).error!.message).toBe('expected calls that end, got too many inside each other');
  });

  test('and the next cell runs', () => {
    const notebook = new Notebook(hg, { steps: 1000 });
    for (const source of ['while True: pass', 'def f(): f()\nf()']) expect(notebook.run(source).error).not.toBeNull();
    expect(notebook.run('1 + 1')).toEqual({ output: ['2'], error: null });
  });
});

test.each([
  ['478695253422890031232 / 200533564657779533', '2387.1078851054544'],
  ['-(2 ** 70 + 2 ** 17 + 1) / 3', '-3.9353054023913714e+20'],
  ['(2 ** 53 + 1) / 2 ** 200', '5.605193857299268e-45'],
  ['2 ** 54 / (2 ** 54 - 1)', '1.0'],
  ['(2 ** 900 + 1) / -(2 ** 899 - 1)', '-2.0'],
])('%s is rounded once, as CPython has it', (source, expected) => {
  expect(run(source)).toEqual({ output: [expected], error: null });
});

test.each(['2 ** 4095', '(-3) ** 2584', '8 ** 1365'])('%s has at most 4096 bits', (source) => {
  expect(run(source).error).toBeNull();
});

describe('what Python has beyond the lesson is out of reach', () => {
  test.each([
    'eval("1")',
    '__import__("os")',
    '"".constructor',
    '[].__class__',
    'torch.__proto__',
    '{}.hasOwnProperty',
    'print.call',
    'print.name',
    'globals()',
    "open('/etc/passwd')",
    'exec("1")',
    'torch.toString',
    '(1).toFixed',
    'constructor',
    '__proto__',
    'toString',
    'this',
  ])('%s', (source) => {
    expect(run(source).error!.message).toMatch(
      /expected (a name that is defined|an attribute that|the file names\.txt)/,
    );
  });

  test('though its names are keys like others', () => {
    expect(run("d = {'__proto__': 1, 'constructor': 2}\nd['__proto__'], d['constructor'], 'toString' in d")).toEqual({
      output: ['(1, 2, False)'],
      error: null,
    });
    expect(run('__proto__ = 3\nconstructor = 4\n__proto__ + constructor').output).toEqual(['7']);
  });
});

test('a function of an earlier cell that fails is told where it is called', () => {
  const notebook = new Notebook(hg);
  notebook.run('\n\n\ndef half(x):\n    y = 1\n    return x / 0');
  expect(notebook.run('a = 1\nb = half(a)').error).toEqual({
    message: 'half(a): x / 0: expected a divisor other than 0, got 0',
    line: 2,
    column: 5,
  });
  expect(notebook.run('def third(x):\n    return x / 0\nthird(1)').error).toMatchObject({ line: 2, column: 12 });
});

test('a notebook refuses options that are none', () => {
  expect(() => new Notebook(hg, { steps: 0 })).toThrow(RangeError);
  expect(() => new Notebook(hg, { words: [1] as never })).toThrow(TypeError);
  expect(() => new Notebook(hg, { wrods: [] } as never)).toThrow('the nearest is words');
  expect(() => new Notebook({} as never)).toThrow(TypeError);
  expect(() => new Notebook(hg).run(1 as never)).toThrow(TypeError);
});
