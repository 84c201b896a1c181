// The lecture's cells give the bits that the notebook's passes have, and the lines that its comparisons print.

import { expect, test } from 'vitest';
import {
  buildDataset,
  compare,
  differentiatedNames,
  exercise1,
  formatComparison,
  intermediateNames,
  parameterNames,
  split,
  takeBatch,
  Vocabulary,
} from '../../src/index.js';
import { Notebook } from '../../src/lesson.js';
import { backward, cell, forward, hg, setup, steps, words } from './cells.js';

/** The passes of the model that the cells make. */
function passes() {
  const shuffled = [...words];
  hg.pythonRandom(42).shuffle(shuffled);
  const vocabulary = new Vocabulary(words);
  const train = buildDataset(split(shuffled).train, vocabulary, 3);
  const generator = hg.generator().manualSeed(456789096543);
  const bnGenerator = hg.generator().manualSeed(0);
  const model = hg.createModel({ vocabSize: vocabulary.size, eps: 1e5, generator, bnGenerator });
  const batch = takeBatch(train, generator.randint(0, train.Y.data.length, [32]).data);
  const [Xb, Yb] = [hg.tensor(batch.Xb), hg.tensor(batch.Yb)];
  return { model, autograd: model.autograd(Xb, Yb), stepwise: model.stepwise(Xb, Yb), fused: model.fused(Xb, Yb) };
}

/** A notebook in which the parameters and the forward pass are there. */
function lecture(): Notebook {
  const notebook = new Notebook(hg, { words });
  for (const source of [setup, forward, backward]) expect(notebook.run(source)).toEqual({ output: [], error: null });
  return notebook;
}

/** The values of an expression, row-major. */
function values(notebook: Notebook, expression: string): Float32Array {
  const { output, error } = notebook.run(`[x.item() for x in ${expression}.reshape(-1)]`);
  expect(error).toBeNull();
  return Float32Array.from(JSON.parse(output[0]!) as number[]);
}

test('the forward pass and the way back have the bits of handgrad notebook', () => {
  const { model, autograd } = passes();
  const notebook = lecture();
  for (const name of parameterNames) expect(values(notebook, name), name).toEqual(model.parameters[name].data);
  for (const name of intermediateNames) expect(values(notebook, name), name).toEqual(autograd.intermediates[name].data);
  for (const name of differentiatedNames)
    expect(values(notebook, `${name}.grad`), name).toEqual(autograd.gradients[name].data);
});

test('the cell of gradients has those of the pass written by hand, and cmp prints its lines', () => {
  const { autograd, stepwise } = passes();
  const notebook = lecture();
  expect(notebook.run(cell())).toEqual({ output: [], error: null });
  for (const name of differentiatedNames)
    expect(values(notebook, `d${name}`), name).toEqual(stepwise.gradients[name].data);
  notebook.run(`def cmp(s, dt, t):
    exact = torch.all(dt == t.grad).item()
    close = torch.allclose(dt, t.grad)
    most = (dt - t.grad).abs().max().item()
    print(f'{s:15s} | exact: {str(exact):5s} | approximate: {str(close):5s} | maxdiff: {most}')`);
  const lines = exercise1.map(([label, name]) =>
    formatComparison(compare(label, stepwise.gradients[name], autograd.gradients[name])),
  );
  expect(
    notebook.run(exercise1.map(([label, name]) => `cmp('${label}', d${name}, ${name})`).join('\n')).output,
  ).toEqual(lines);
  expect(lines.every((line) => line.includes('exact: True '))).toBe(true);
});

test('exercises 2 and 3 are approximately equal', () => {
  const notebook = lecture();
  notebook.run(cell());
  const { output } = notebook.run(`dlogits = F.softmax(logits, 1)
dlogits[range(batch_size), Yb] -= 1
dlogits /= batch_size
dhprebn = bngain * bnvar_inv / batch_size * (batch_size * dhpreact - dhpreact.sum(0) - batch_size / (batch_size - 1) * bnraw * (dhpreact * bnraw).sum(0))
torch.allclose(dlogits, logits.grad), torch.allclose(dhprebn, hprebn.grad), F.cross_entropy(logits, Yb).item() - loss.item() < 1e-6`);
  expect(output).toEqual(['(True, True, True)']);
});

test('a training runs, its parameters changed in place without a tape', () => {
  const notebook = lecture();
  const before = Number(notebook.run('loss.item()').output[0]);
  const source = `for i in range(5):
    for parameter in parameters:
        parameter.grad = None
${forward.replaceAll('\n', '\n    ')}
    loss.backward()
    with torch.no_grad():
        for parameter in parameters:
            parameter -= 0.1 * parameter.grad
loss.item()`;
  const { output, error } = notebook.run(source);
  expect(error).toBeNull();
  expect(Number(output[0])).toBeLessThan(before - 0.05);
});

test('cells of gradients may follow one another', () => {
  const notebook = lecture();
  for (const source of Object.values(steps)) expect(notebook.run(source).error).toBeNull();
  expect(notebook.run('torch.all(dC == C.grad)').output).toEqual(['tensor(True)']);
});

test('spellings that learners use run behind the way back too, and nothing goes back through what is not recorded', () => {
  const notebook = lecture();
  expect(notebook.run(cell())).toEqual({ output: [], error: null });
  const others = `dC = torch.zeros_like(C)
dC.index_add_(0, Xb.view(-1), demb.view(-1, n_embd))
dh = torch.stack([W2 @ row for row in dlogits])
dlogits[range(batch_size), Yb] -= 1
dW2 = torch.zeros_like(W2)
for i in range(batch_size):
    dW2 += torch.outer(h[i], dlogits[i])
torch.allclose(dC, C.grad), dh.requires_grad`;
  expect(notebook.run(others)).toEqual({ output: ['(True, True)'], error: null });
  for (const name of ['dC', 'dh']) {
    expect(notebook.run(`${name}.sum().backward()`).error!.message).toContain(
      'whose gradient is not part of the lesson',
    );
  }
});

test('what the library says is said in the words of Python', () => {
  const notebook = new Notebook(hg);
  const message = (source: string) => notebook.run(`import torch\n${source}`).error!.message;
  const start = 'x = torch.ones(3, requires_grad=True)\n';
  expect(message(`${start}y = (x * x).sum()\ny.backward()\ny.backward()`)).toMatch(
    /; pass retain_graph=True to that one$/,
  );
  expect(message(`${start}y = x * x\ny.requires_grad = False`)).toContain('to set requires_grad on');
  expect(message('import torch.nn.functional as F\nF.one_hot(torch.tensor([1]), 0)')).toContain(
    ': num_classes: expected',
  );
});

test('a last expression is shown, and print writes lines', () => {
  const notebook = lecture();
  expect(notebook.run('loss').output).toEqual([expect.stringMatching(/^tensor\(\d\.\d{4}, grad_fn=<NegBackward0>\)$/)]);
  expect(notebook.run("print('a', 1, end='')\nprint('b')\nprint()\n2").output).toEqual(['a 1b', '', '2']);
  expect(notebook.run('print(1)\nNone').output).toEqual(['1']);
});
