// A wrong gradient that is another tensor of the proof: what was assigned by a slip of its name.

import type { NdArray } from '../base/ndarray.js';
import { sameShape } from '../base/shape.js';
import { plain } from './candidate.js';
import type { Findings } from './findings.js';
import type { Diagnosis } from './schema.js';

/** Says which other tensor the gradient `name` is bit for bit, given the reference's gradients; of one value again and again it tells nothing. */
export function copied(name: string, { wide, run }: Findings): Diagnosis | null {
  const given = wide.alone.get(name)?.array;
  if (given === undefined || given.data.every((x) => x === given.data[0])) return null;
  const fits = (other: { readonly shape: readonly number[] }) => sameShape(other.shape, given.shape);
  const isIt = ({ data }: Pick<NdArray, 'data'>) => data.every((x, i) => x === given.data[i]);
  const gradients = [...wide.reference].filter(([other, array]) => other !== name && fits(array) && isIt(array));
  const values = [...run.tensors].filter(
    ([, { array }]) => array.dtype === given.dtype && fits(array) && isIt(plain(array)),
  );
  const labels = [...gradients.map(([other]) => `d${other}`), ...values.map(([other]) => other)];
  if (labels.length === 0) return null;
  const what = gradients.length > 0 ? 'another gradient' : 'a value of the forward pass';
  return { kind: 'copied', text: `is ${labels.join(' or ')} bit for bit, ${what}` };
}
