// The files of `handgrad exercise`: the forward pass and room for 26 gradients, as a cell in Python and as a proof.

import { pythonFloat } from '../base/python.js';
import { intermediateNames } from '../index.js';
import { forwardPass, operationByOperation, type Step } from '../lesson.js';

const steps = operationByOperation;

/** In which language a file is written; JavaScript is TypeScript without types. */
export type Language = 'python' | 'typescript';

/** The language of a file, by its name. */
export function languageOf(file: string): Language {
  return file.endsWith('.py') ? 'python' : 'typescript';
}

/** The forward pass, one line for each result. */
const forward = (language: Language) => intermediateNames.map((name) => forwardPass[name][language]);

/** The lines of the forward pass in which the tensor of a step is used. */
export function usesOf({ usedIn }: Step, language: Language): string[] {
  return usedIn.map((name) => forwardPass[name][language].replace(/^const /, ''));
}

/** What stands above the room for a gradient. */
function heading(step: Step, at: number, language: Language): string[] {
  const gradient = language === 'python' ? step.name : `d.${step.of}`;
  const first = `${at + 1} of ${steps.length}: ${gradient}, of shape [${step.shape.join(', ')}]. ${step.of} is used in`;
  return [first, ...usesOf(step, language).map((line) => `  ${line}`)];
}

/** What the files have of the settings; the proof draws its own minibatch. */
export interface Numbers {
  readonly vocabSize: number;
  readonly eps: number;
}

const usual: Numbers = { vocabSize: 27, eps: 1e-5 };

/** The cell. */
export function pythonCell({ eps }: Numbers = usual): string {
  const room = steps.flatMap((step, at) => [...heading(step, at, 'python').map((line) => `# ${line}`), '', '']);
  return `# Exercise 1: the gradient of every tensor, one operation at a time, from the loss back to the embedding table.
#
# dx is the gradient of the loss in x and has the shape of x. B examples, T characters of context, V characters, E numbers
# for each, H hidden neurons. Write each gradient below its heading; what is there is judged as soon as it is saved, by
#
#     handgrad exercise --watch

# Forward pass
eps = ${pythonFloat(eps)}
${forward('python').join('\n')}

# What the gradients are held against
for p in parameters:
    p.grad = None
for t in [logprobs, probs, counts, counts_sum, counts_sum_inv, norm_logits, logit_maxes, logits, h, hpreact, bnraw,
          bnvar_inv, bnvar, bndiff2, bndiff, hprebn, bnmeani, embcat, emb]:
    t.retain_grad()
loss.backward()

# Backward pass

${room.join('\n')}`;
}

/** The proof; in TypeScript it has types, and needs the package for them. */
export function proofFile(language: 'javascript' | 'typescript', { vocabSize, eps }: Numbers = usual): string {
  const room = steps.flatMap((step, at) => [...heading(step, at, 'typescript').map((line) => `// ${line}`), '', '']);
  const indented = (lines: readonly string[]) => lines.map((line) => (line === '' ? '' : `    ${line}`)).join('\n');
  const { top, parameters, open, close } = {
    javascript: { top: '', parameters: 'hg, shape, scale, offset = 0', open: '{', close: '}' },
    typescript: {
      top: "import type { Handgrad } from 'handgrad';\nimport { defineProof } from 'handgrad/proof';\n\n",
      parameters: 'hg: Handgrad, shape: number[], scale: number, offset = 0',
      open: 'defineProof({',
      close: '})',
    },
  }[language];
  return `// Exercise 1: the gradient of every tensor, one operation at a time, from the loss back to the embedding table.
//
// B examples, T characters of context, V characters, E numbers for each, H hidden neurons. Write each gradient below its
// heading, at the end of this file; what is there is judged as soon as it is saved, by
//
//     handgrad exercise --watch

${top}const parameter = (${parameters}) => {
  const tensor = hg.noGrad(() => hg.randn(shape).mul(scale).add(offset));
  tensor.requiresGrad = true;
  return tensor;
};

export default ${open}
  name: 'exercise 1',

  inputs: (hg) => ({
    C: parameter(hg, [${vocabSize}, 10], 1),
    W1: parameter(hg, [30, 64], 5 / 3 / 30 ** 0.5),
    b1: parameter(hg, [64], 0.1),
    W2: parameter(hg, [64, ${vocabSize}], 0.1),
    b2: parameter(hg, [${vocabSize}], 0.1),
    bngain: parameter(hg, [1, 64], 0.1, 1),
    bnbias: parameter(hg, [1, 64], 0.1),
    Xb: hg.randint(0, ${vocabSize}, [32, 3]),
    Yb: hg.randint(0, ${vocabSize}, [32]),
    range: hg.arange(32),
    batch_size: 32,
    eps: ${pythonFloat(eps)},
  }),

  forward: ({ C, W1, b1, W2, b2, bngain, bnbias, Xb, Yb, range, batch_size, eps }) => {
${indented(forward('typescript'))}
    return {
      ...{ emb, embcat, hprebn, bnmeani, bndiff, bndiff2, bnvar, bnvar_inv, bnraw, hpreact, h, logits },
      ...{ logit_maxes, norm_logits, counts, counts_sum, counts_sum_inv, probs, logprobs, loss },
    };
  },

  // t has the inputs and the values of the forward pass: t.probs, t.Yb, t.batch_size. d takes the gradients: d.probs is the
  // gradient of the loss in t.probs and has its shape; once it is written it can be read.
  backward: (t, d, hg) => {
${indented(room)}
  },
${close};
`;
}
