// A wrong gradient that is another tensor of the proof: what was assigned by a slip of its name.

import { sameShape } from '../base/shape.js';
import { plain } from './candidate.js';
import { isSame } from './case.js';
import type { Findings } from './findings.js';
import type { Diagnosis } from './schema.js';

/** Says which other tensor the gradient `name` is bit for bit, given the reference's gradients; of one value again and again it tells nothing. */
export function copied(name: string, { wide, run }: Findings): Diagnosis | null {
  const given = wide.alone.get(name)?.array;
  if (given === undefined || given.data.every((x) => x === given.data[0])) return null;
  const gradients = [...wide.reference].filter(([other, array]) => other !== name && isSame(array, given));
  const values = [...run.tensors].filter(
    ([, { array }]) =>
      array.dtype === given.dtype && sameShape(array.shape, given.shape) && isSame(plain(array), given),
  );
  const labels = [...gradients.map(([other]) => `d${other}`), ...values.map(([other]) => other)];
  if (labels.length === 0) return null;
  const what = gradients.length > 0 ? 'another gradient' : 'a value of the forward pass';
  return { kind: 'copied', text: `is ${labels.join(' or ')} bit for bit, ${what}` };
}
