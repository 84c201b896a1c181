// The model from inside: where the characters lie, how values and gradients are spread, how large updates are, which neurons are dead.

import { parameterNames } from 'handgrad';
import type { Counts } from '../lab/trainProtocol.js';
import { figure } from '../parts/figure.js';
import { Thumbnail } from '../parts/heatMap.js';
import { HistogramOfCounts, Scatter } from '../parts/plots.js';
import { look, map, prepared, progress } from './store.js';

export function Inside() {
  if (look.value === null || prepared.value === null) return null;
  return (
    <>
      <Characters />
      <Ratios />
      <Dead />
      <Spread title="Activations" of={look.value.histograms.slice(0, 2)} />
      <Spread title="Gradients" of={look.value.histograms.slice(2)} />
    </>
  );
}

function Characters() {
  const { characters, shown } = prepared.value!;
  const { points, shares } = map.value!;
  if (points.length !== characters.length) return null;
  const drawn = shown.map((i) => ({ label: characters[i]!, ...points[i]! }));
  const percent = shares.map((share) => `${Math.round(100 * share)} %`);
  const left = characters.length - shown.length;
  return (
    <section class="card" aria-labelledby="characters">
      <h2 id="characters">Its characters</h2>
      <Scatter
        points={drawn}
        title={`C in its two principal components, with ${percent[0]} and ${percent[1]} of the variance${left > 0 ? `; the ${shown.length} most frequent characters` : ''}`}
      />
    </section>
  );
}

function Spread({ title, of }: { title: string; of: readonly Counts[] }) {
  return (
    <section class="card" aria-label={title}>
      <h2>{title}</h2>
      {of.map(({ name, from, to, counts, mean, std }) => (
        <HistogramOfCounts
          key={name}
          counts={counts}
          from={from}
          to={to}
          title={`${name}: mean ${figure(mean)}, standard deviation ${figure(std)}`}
        />
      ))}
    </section>
  );
}

/** Sides of a small curve, and the powers of ten that it shows. */
const [width, height, least, most] = [160, 26, -5, 0] as const;

function Ratios() {
  const { steps, values } = progress.value!.memory.ratios;
  const last = steps.at(-1) ?? 1;
  const y = (log: number) => height - ((Math.min(most, Math.max(least, log)) - least) / (most - least)) * height;
  return (
    <section class="card" aria-labelledby="ratios">
      <h2 id="ratios">
        Update to weight <span class="soft">log10 of their standard deviations; the line is at −3</span>
      </h2>
      {steps.length === 0 ? (
        <p class="soft">Known from the first step on.</p>
      ) : (
        <table class="ratios">
          <tbody>
            {parameterNames.map((name, i) => (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td>
                  <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
                    <line class="grid guide" x1={0} x2={width} y1={y(-3)} y2={y(-3)} />
                    <polyline
                      class="curve"
                      points={steps.map((step, at) => `${(width * step) / last},${y(values[i]![at]!)}`).join(' ')}
                    />
                  </svg>
                </td>
                <td>{values[i]!.at(-1)!.toFixed(2).replace('-', '−')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Dead() {
  const { saturated } = look.value!;
  const dead = Array.from(saturated.keys()).filter((neuron) => saturated[neuron] === 1);
  const columns = Math.ceil(Math.sqrt(2 * saturated.length));
  const rows = Math.ceil(saturated.length / columns);
  const cells = new Float32Array(rows * columns);
  cells.set(saturated);
  const examples = prepared.value!.settings.batch;
  return (
    <section class="card" aria-labelledby="dead">
      <h2 id="dead">
        Dead neurons{' '}
        <span class="soft">
          {dead.length} of {saturated.length}
        </span>
      </h2>
      <div
        class="neurons"
        role="img"
        aria-label={`Share of examples on which each of ${saturated.length} neurons is saturated`}
      >
        <Thumbnail array={{ dtype: 'float32', shape: [rows, columns], data: cells }} />
      </div>
      <p class="soft">
        {dead.length > 0
          ? `Beyond ±0.97 on all ${examples} examples of a minibatch, so that next to no gradient passes: ${dead.slice(0, 12).join(', ')}${dead.length > 12 ? ', …' : ''}.`
          : `None is beyond ±0.97 on all ${examples} examples of a minibatch. The stronger a cell, the more often it is.`}
      </p>
    </section>
  );
}
