// Modules to begin with.

import { texts } from 'virtual:proof-examples';

export interface Example {
  readonly title: string;
  readonly code: string;
}

/** The mistake that is made most often in the backward pass of a softmax. */
const faulty = texts.attention
  .replace('d.probs.sub(t.probs.mul(d.probs).sum(1, { keepdim: true }))', 'd.probs')
  .replace(/^.*\n/, '// One head of attention whose backward pass has a mistake: find it by the report.\n');

export const examples: readonly Example[] = [
  { title: 'Layer norm, one operation at a time', code: texts.first },
  { title: 'Attention, and the softmax in it', code: texts.attention },
  { title: 'Attention with a mistake', code: faulty },
  { title: 'Cross-entropy in one go', code: texts.crossEntropy },
  { title: 'A layer norm fused over typed arrays', code: texts.layerNorm },
];

export const isExample = (code: string) => examples.some((example) => example.code === code);
