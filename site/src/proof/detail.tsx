// One gradient of a report: what is said of it, where it stands, and its values.

import { useSignal } from '@preact/signals';
import type { NdArray } from 'handgrad';
import type { GradientReport } from 'handgrad/proof';
import type { HtmlReport } from 'handgrad/report';
import { figure } from '../parts/figure.js';
import { gridOf, HeatMap, indexOf } from '../parts/heatMap.js';
import { VerdictMark } from './verdictMark.js';
import { labelOf, sentencesOf } from './words.js';

interface Props {
  readonly report: HtmlReport;
  readonly row: GradientReport;
}

export function Detail({ report, row }: Props) {
  const label = labelOf(row);
  return (
    <section class="card gradient" aria-label={label}>
      <h3>
        <code>{label}</code> <span class="soft">[{row.shape.join(', ')}]</span>{' '}
        <VerdictMark row={row} isRoot={row.name === report.root && row.ownFault} />
      </h3>
      {sentencesOf(row, report.reference.kind === 'given').map((text) => (
        <p key={text}>{text}</p>
      ))}
      <Standing report={report} name={row.name} />
      <Figures row={row} dtype={report.dtype} />
      <Pictures report={report} row={row} />
    </section>
  );
}

/** Where the tensor stands in the forward pass. */
function Standing({ report: { chain }, name }: { report: HtmlReport; name: string }) {
  const made = chain.find((step) => step.name === name);
  const users = chain.filter((step) => step.name !== name && step.from.includes(name));
  if (chain.length === 0) return null;
  return (
    <p class="soft">
      <code>{name}</code>{' '}
      {made === undefined ? 'is an input' : `comes from ${made.from.join(', ')}, ending in ${made.operation}`}
      {users.length > 0 && `; it goes into ${users.map((user) => user.name).join(', ')}`}.
    </p>
  );
}

function Figures({ row: { error, bound }, dtype }: { row: GradientReport; dtype: string }) {
  if (error === null) return null;
  const rows = [
    [`yours, ${dtype}`, error.candidate],
    [`the reference, ${dtype}`, error.reference],
    ['what decides', error.decisive],
  ] as const;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by the keyboard
    <section class="rows" aria-label="Errors" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">error of</th>
            <th scope="col">largest</th>
            <th scope="col">in ULP</th>
            <th scope="col">of its bound</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([label, { max, ulp, bounds }]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{figure(max)}</td>
              <td>{figure(ulp)}</td>
              <td>{figure(bounds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {bound !== null && <p class="soft">Rounding can do {figure(bound)} here.</p>}
    </section>
  );
}

type Side = 'difference' | 'yours' | 'expected';

/** A picture has at most this many elements a side; larger ones are in the saved report, in blocks. */
const longestSide = 4096;

function Pictures({ report, row }: Props) {
  const values = report.values?.get(row.name);
  const side = useSignal<Side>(row.verdict === 'wrong' ? 'difference' : 'yours');
  // The element that errs most is pointed at until the reader points elsewhere.
  const place = useSignal(row.verdict === 'wrong' && row.worst !== null ? placeOf(row.worst.index, row.shape) : -1);
  if (values === undefined || !isDrawable(values.truth)) return null;
  const { candidate, truth } = values;
  const isSame = candidate !== null && candidate.shape.join() === truth.shape.join();
  const shown = {
    difference: isSame ? difference(candidate, truth) : null,
    yours: candidate !== null && isDrawable(candidate) ? candidate : null,
    expected: truth,
  };
  const side_ = shown[side.value] === null ? 'expected' : side.value;
  const array = shown[side_]!;
  return (
    <>
      <fieldset class="group sides" aria-label="What is drawn">
        {(Object.keys(shown) as Side[]).map((name) => (
          <button
            type="button"
            key={name}
            disabled={shown[name] === null}
            aria-pressed={name === side_}
            onClick={() => {
              side.value = name;
            }}
          >
            {name}
          </button>
        ))}
      </fieldset>
      <HeatMap
        array={array}
        label={`${labelOf(row)}, ${side_}`}
        place={place.value}
        onPlace={(at) => {
          place.value = at;
        }}
      />
      <p class="soft" aria-live="polite">
        {place.value < 0 || place.value >= array.data.length
          ? 'Point at a cell, or use the arrow keys, to read its number.'
          : `[${indexOf(place.value, array.shape).join(', ')}]: ${told(shown, place.value)}`}
      </p>
    </>
  );
}

const placeOf = (index: readonly number[], shape: readonly number[]) =>
  index.reduce((place, at, axis) => place * shape[axis]! + at, 0);

function told(shown: Readonly<Record<Side, NdArray | null>>, place: number): string {
  const value = (name: Side) => {
    const array = shown[name];
    return array === null || place >= array.data.length ? [] : [`${name} ${figure(array.data[place]!)}`];
  };
  return [...value('yours'), ...value('expected'), ...value('difference')].join(', ');
}

function difference(candidate: NdArray, truth: NdArray): NdArray {
  const data = Float64Array.from(truth.data, (expected, i) =>
    Object.is(candidate.data[i], expected) ? 0 : candidate.data[i]! - expected,
  );
  return { dtype: 'float64', shape: truth.shape, data };
}

function isDrawable({ shape, data }: NdArray): boolean {
  const { rows, columns } = gridOf(shape);
  return data.length > 0 && rows <= longestSide && columns <= longestSide;
}
