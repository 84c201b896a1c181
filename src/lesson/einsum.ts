// torch.einsum, from products and sums that broadcast.

import { checkedDim } from '../base/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { Fault } from './fault.js';
import { cost, permuted, unsqueezed } from './tensors.js';
import type { Context } from './values.js';

/** `einsum('bi,bj->ij', x, y)`. Each letter is one axis; a letter stands once in each term. Throws Fault. */
export function einsum(context: Context, equation: string, operands: readonly Tensor[]): Tensor {
  const [left = '', right] = equation.replaceAll(' ', '').split('->');
  const terms = left.split(',');
  if (terms.length !== operands.length)
    throw new Fault(`expected ${terms.length} tensors for ${equation}, got ${operands.length}`);
  const letters = [...new Set(terms.join(''))].sort();
  const once = letters.filter((letter) => left.split(letter).length === 2);
  const output = right ?? once.join('');
  for (const term of [...terms, output]) {
    if (!/^[a-zA-Z]*$/.test(term) || new Set(term).size < term.length)
      throw new Fault(`expected letters that stand once in each term, got ${equation}`);
  }
  const sizes = sizesOf(equation, terms, operands);
  if ([...output].some((letter) => !sizes.has(letter)))
    throw new Fault(`expected letters of the tensors in the result, got ${equation}`);
  context.spend(cost([...sizes.values()].reduce((count, size) => count * size, 1)));
  if (new Set(operands.map(({ dtype }) => dtype)).size > 1)
    throw new Fault(`expected tensors of one dtype for ${equation}, got several`);
  const order = [...output, ...letters.filter((letter) => !output.includes(letter))];
  const isInt = operands[0]!.dtype === 'int32';
  const spread = operands.map((operand, i) => aligned(isInt ? operand.to('float64') : operand, terms[i]!, order));
  const product = spread.reduce((all, one) => all.mul(one));
  const summed = order.slice(output.length).map((_, i) => checkedDim('dim', output.length + i, order.length));
  const result = summed.length === 0 ? product : product.sum(summed);
  return isInt ? result.to('int32') : result;
}

function sizesOf(equation: string, terms: readonly string[], operands: readonly Tensor[]): Map<string, number> {
  const sizes = new Map<string, number>();
  terms.forEach((term, i) => {
    const { shape } = operands[i]!;
    if (term.length !== shape.length)
      throw new Fault(`expected ${term.length} axes for ${term || 'a scalar'} of ${equation}, got ${shape.length}`);
    [...term].forEach((letter, axis) => {
      const known = sizes.get(letter) ?? shape[axis]!;
      if (known !== shape[axis])
        throw new Fault(`expected one size for ${letter} of ${equation}, got ${known} and ${shape[axis]}`);
      sizes.set(letter, known);
    });
  });
  return sizes;
}

/** A tensor with one axis for each letter of `order`, of size 1 where its term lacks it. */
function aligned(tensor: Tensor, term: string, order: readonly string[]): Tensor {
  const own = order.filter((letter) => term.includes(letter));
  let all = permuted(
    tensor,
    own.map((letter) => term.indexOf(letter)),
  );
  order.forEach((letter, axis) => {
    if (!term.includes(letter)) all = unsqueezed(all, axis);
  });
  return all;
}
