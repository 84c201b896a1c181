// Pictures of a tensor that say more than its cells: how far tanh is saturated, where the characters lie, how values are spread.

import type { NdArray } from 'handgrad';
import type { Notebook } from '../lab/protocol.js';
import { figure } from '../parts/figure.js';
import { rangeOf } from '../parts/heatMap.js';
import { Histogram, Scatter } from '../parts/plots.js';

interface Props {
  readonly notebook: Notebook;
  readonly name: string;
  readonly array: NdArray;
  /** What the array is called: the tensor, or its gradient. */
  readonly title: string;
}

export function Pictures({ notebook, name, array, title }: Props) {
  if (array.data.length < 8) return null;
  const range = rangeOf(array);
  return (
    <>
      {name === 'C' && <Characters notebook={notebook} array={array} title={title} />}
      {title === 'h' ? (
        <Histogram values={array.data} from={-1} to={1} title={saturation(array.data)} />
      ) : (
        <Histogram
          values={array.data}
          from={-range}
          to={range}
          title={`${title}: how its ${array.data.length} values are spread`}
        />
      )}
    </>
  );
}

function saturation(data: ArrayLike<number>): string {
  const saturated = Array.from(data).filter((value) => Math.abs(value) > 0.97).length;
  return `tanh: ${figure((100 * saturated) / data.length)} % of its values are beyond ±0.97, where little gradient passes`;
}

function Characters({ notebook, array, title }: Pick<Props, 'notebook' | 'array' | 'title'>) {
  const [V, E] = [notebook.characters.length, array.shape[1]!];
  if (E < 2 || V > 60) return null;
  const points = notebook.characters.map((label, i) => ({ label, x: array.data[i * E]!, y: array.data[i * E + 1]! }));
  return <Scatter points={points} title={`${title}: each character in the first two of its ${E} axes`} />;
}
