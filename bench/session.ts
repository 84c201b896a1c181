// What a session costs over `trainer.run` with the same steps, turn by turn: the median of the ratios of their times, as the clock and as
// the process's processor time have it. `npx tsx bench/session.ts`, after a build

import { buildDataset, init, loadWords, split, Vocabulary } from '../dist/index.js';
import { spread } from './measure.js';

const rounds = 30;
const hg = await init();
const words = await loadWords(new URL('../names.txt', import.meta.url));
const vocabulary = new Vocabulary(words);
hg.pythonRandom(42).shuffle(words);
const dataset = buildDataset(split(words).train, vocabulary, 3);

for (const [hidden, steps] of [
  [64, 10_000],
  [200, 4_000],
] as const) {
  const start = () => {
    const generator = hg.generator().manualSeed(2147483647);
    const bnGenerator = hg.generator().manualSeed(42);
    return { generator, model: hg.createModel({ vocabSize: vocabulary.size, hidden, generator, bnGenerator }) };
  };
  const plain = start();
  const trainer = hg.trainer(plain.model, { dataset, generator: plain.generator });
  const rates = new Float64Array(500).fill(0.1);
  const byTrainer = async () => {
    for (let step = 0; step < steps; step += rates.length) trainer.run(rates);
  };
  const { model, generator } = start();
  // Besides the one that ends the turn there is a report every 100 ms.
  const reportEvery = { milliseconds: 100, steps };
  const session = model.session({ dataset, vocabulary, generator, steps: 1e12, schedule: () => 0.1, reportEvery });
  const reports = session[Symbol.asyncIterator]();
  const bySession = async () => {
    while ((await reports.next()).value!.step % steps !== 0);
  };

  const ratios: Record<'clock' | 'processor', number[]> = { clock: [], processor: [] };
  for (let round = -5; round < rounds; round++) {
    const turns = round % 2 === 0 ? [byTrainer, bySession] : [bySession, byTrainer];
    const taken = new Map<() => Promise<void>, { clock: number; processor: number }>();
    for (const turn of turns) {
      const [clock, processor] = [performance.now(), process.cpuUsage()];
      await turn();
      const { user, system } = process.cpuUsage(processor);
      taken.set(turn, { clock: performance.now() - clock, processor: user + system });
    }
    if (round < 0) continue;
    for (const kind of ['clock', 'processor'] as const) {
      ratios[kind].push(taken.get(bySession)![kind] / taken.get(byTrainer)![kind]);
    }
  }
  for (const [kind, values] of Object.entries(ratios)) {
    const { median, low, high } = spread(values);
    const percent = (ratio: number) => `${(100 * (ratio - 1)).toFixed(1)}%`;
    console.log(`32×${hidden}, ${kind}: ${percent(median)} more (${percent(low)} to ${percent(high)})`);
  }
  session.stop();
  trainer.dispose();
}
