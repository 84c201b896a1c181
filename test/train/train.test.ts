import { beforeAll, describe, expect, test, vi } from 'vitest';
import {
  buildDataset,
  create,
  type Dataset,
  type Handgrad,
  init,
  type Model,
  type ModelOptions,
  OutOfMemoryError,
  type Progress,
  parameterNames,
  ReleasedError,
  ShapeError,
  TrainingError,
  type TrainOptions,
} from '../../src/index.js';
import { dataset, vocabulary, words } from './words.js';

let hg: Handgrad;
beforeAll(async () => {
  hg = await init();
});

function start(options: Partial<ModelOptions> = {}) {
  const generator = hg.generator().manualSeed(1);
  const bnGenerator = hg.generator().manualSeed(2);
  const sizes = { vocabSize: vocabulary.size, embed: 3, hidden: 8, ...options };
  return { generator, model: hg.createModel({ ...sizes, generator, bnGenerator }) };
}

async function run(options: Partial<TrainOptions>, begun = start()) {
  const { model, generator } = begun;
  const slices: Progress[] = [];
  for await (const slice of model.train({ dataset, generator, steps: 100, ...options })) slices.push(slice);
  return { ...begun, slices, losses: slices.flatMap((slice) => [...slice.losses]) };
}

function values(model: Model): number[] {
  return parameterNames.flatMap((name) => [...model.parameters[name].data]);
}

/** What the trainer makes of the rates in one go. */
function reference(rates: number[]) {
  const { model, generator } = start();
  const trainer = hg.trainer(model, { dataset, generator });
  const losses = [...trainer.run(rates)];
  trainer.dispose();
  return { losses, values: values(model), state: generator.getState() };
}

describe('model.train', () => {
  test('carries out each step once, whatever the slices', async () => {
    const expected = reference(Array.from({ length: 100 }, (_, step) => (step < 50 ? 0.1 : 0.01)));
    for (const options of [{}, { rate: 0.1 }, { pauseEvery: 7 }, { pauseEvery: 1 }]) {
      const { model, losses, generator } = await run(options);
      expect(losses).toEqual(expected.losses);
      expect(values(model)).toEqual(expected.values);
      expect(generator.getState()).toEqual(expected.state);
    }
  });

  test('the rate falls to a tenth half-way, for an odd number of steps after the middle one', async () => {
    const { model } = await run({ steps: 5, rate: 0.5 });
    expect(values(model)).toEqual(reference([0.5, 0.5, 0.5, 0.05, 0.05]).values);
  });

  test('a schedule gives the rate of each step, once', async () => {
    const asked: number[] = [];
    const schedule = (step: number) => {
      asked.push(step);
      return 1 / (step + 1);
    };
    const { model } = await run({ steps: 40, schedule });
    expect(asked).toEqual(Array.from({ length: 40 }, (_, step) => step));
    expect(values(model)).toEqual(reference(asked.map((step) => 1 / (step + 1))).values);
  });

  test('goes on from firstStep as if never interrupted', async () => {
    const whole = await run({ steps: 60 });
    const half = start();
    for await (const { step } of half.model.train({ dataset, generator: half.generator, steps: 60, pauseEvery: 25 })) {
      if (step === 25) break;
    }
    const rest = await run({ steps: 60, firstStep: 25 }, half);
    expect(values(half.model)).toEqual(values(whole.model));
    expect(rest.losses).toEqual(whole.losses.slice(25));
  });

  test.each(['float32', 'float64'] as const)(
    'goes on from a file to the bytes of an unbroken one, %s',
    async (dtype) => {
      const saved = ({ model, generator }: ReturnType<typeof start>, step: number) =>
        model.save({ vocabulary, statistics: model.calibrate(dataset), training: { step, generator } });
      const whole = await run({ steps: 60 }, start({ dtype }));
      const half = start({ dtype });
      for await (const { step } of half.model.train({
        dataset,
        generator: half.generator,
        steps: 60,
        pauseEvery: 25,
      })) {
        if (step === 25) break;
      }
      const { model, training } = hg.loadModel(saved(half, 25));
      const { step: firstStep, generator } = training!;
      expect(firstStep).toBe(25);
      expect(generator).not.toBe(half.generator);
      const rest = await run({ steps: 60, firstStep, generator }, { model, generator });
      expect(rest.losses).toEqual(whole.losses.slice(25));
      expect(saved({ model, generator }, 60)).toEqual(saved(whole, 60));
      expect(saved(half, 60)).not.toEqual(saved(whole, 60));
    },
  );

  test('reports step, loss, mean and speed of each slice; slices end at multiples of pauseEvery', async () => {
    const { slices } = await run({ steps: 100, pauseEvery: 30 });
    let step = 0;
    for (const slice of slices) {
      step += slice.losses.length;
      expect(slice).toMatchObject({ step, steps: 100, loss: slice.losses.at(-1) });
      const mean = [...slice.losses].reduce((sum, loss) => sum + loss) / slice.losses.length;
      expect(slice.meanLoss).toBeCloseTo(mean, 6);
      expect(slice.stepsPerSecond).toBeGreaterThan(0);
    }
    const ends = slices.map((slice) => slice.step);
    expect(ends).toEqual(expect.arrayContaining([30, 60, 90, 100]));
  });

  test('slices end at multiples of each number of pauseEvery', async () => {
    const { slices } = await run({ steps: 100, pauseEvery: [40, 30] });
    expect(slices.map(({ step }) => step)).toEqual(expect.arrayContaining([30, 40, 60, 80, 90, 100]));
  });

  test('lowers the loss', async () => {
    const { losses } = await run({ steps: 2000 });
    const mean = (part: number[]) => part.reduce((sum, loss) => sum + loss) / part.length;
    expect(mean(losses.slice(-100))).toBeLessThan(mean(losses.slice(0, 100)) - 1);
  });

  test.each(['fused', 'stepwise', 'autograd'] as const)(
    'with one character there is nothing to learn, %s',
    (backward) => {
      const { model, generator } = start({ vocabSize: 1, hidden: 4 });
      const dataset = {
        X: { dtype: 'int32', shape: [2, 3], data: new Int32Array(6) },
        Y: { dtype: 'int32', shape: [2], data: new Int32Array(2) },
        blockSize: 3,
      } as const;
      const trainer = hg.trainer(model, { dataset, generator, batch: 2, backward });
      expect([...trainer.run([0.1, 0.1])].map(Math.abs)).toEqual([0, 0]);
      trainer.dispose();
    },
  );

  test.each(['float32', 'float64'] as const)('the losses of every pass are of the model’s dtype, %s', (dtype) => {
    const Losses = dtype === 'float32' ? Float32Array : Float64Array;
    const losses = (['stepwise', 'autograd', 'fused'] as const).map((backward) => {
      const { model, generator } = start({ dtype });
      const trainer = hg.trainer(model, { dataset, generator, backward });
      const found = trainer.run([0.1, 0.1, 0]);
      trainer.dispose();
      expect(found).toBeInstanceOf(Losses);
      return found;
    });
    expect(losses[1]).toEqual(losses[0]);
  });

  test('0 steps change nothing', async () => {
    const before = values(start().model);
    const { model, slices } = await run({ steps: 0 });
    expect(slices).toEqual([]);
    expect(values(model)).toEqual(before);
  });

  test('a rate of 0 changes no parameter', async () => {
    const { model, losses } = await run({ rate: 0, steps: 10 });
    expect(losses).toHaveLength(10);
    expect(values(model)).toEqual(values(start().model));
  });

  test('the event loop runs between slices, which last some milliseconds', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const { slices } = await run({ steps: 5000 });
    clearInterval(timer);
    expect(slices.length).toBeGreaterThan(5);
    expect(turns).toBeGreaterThan(0);
  });

  test.each<[number, number[], number]>([
    [4, [1, 2, 4, 8, 16], 250],
    [0, [1, 4, 16, 64, 15], 1e6],
    [32, [1, 1, 1, 1], 31.25],
  ])('slices that last %i ms become as long as 8 ms allow, at most four times the last', async (ms, lengths, speed) => {
    let calls = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => ms * calls++);
    const steps = lengths.reduce((sum, length) => sum + length);
    const { slices } = await run({ steps }).finally(() => clock.mockRestore());
    expect(slices.map(({ losses }) => losses.length)).toEqual(lengths);
    expect(slices[0]!.stepsPerSecond).toBe(speed);
  });

  test('the event loop runs where there is no setImmediate, as in browsers', async () => {
    const expected = await run({ steps: 300, pauseEvery: 10 });
    let turns = 0;
    const count = () => {
      turns++;
      timer = setTimeout(count);
    };
    let timer = setTimeout(count);
    vi.stubGlobal('setImmediate', undefined);
    try {
      expect((await run({ steps: 300, pauseEvery: 10 })).losses).toEqual(expected.losses);
      expect(turns).toBeGreaterThan(0);
    } finally {
      vi.unstubAllGlobals();
      clearTimeout(timer);
    }
  });

  test('an abort ends it after the slice, with the reason, and leaves the model in use', async () => {
    const { model, generator } = start();
    const controller = new AbortController();
    const { signal } = controller;
    const reason = new Error('enough');
    let seen = 0;
    const training = (async () => {
      for await (const { step } of model.train({ dataset, generator, steps: 300_000, signal })) {
        seen = step;
        if (step > 50) controller.abort(reason);
      }
    })();
    await expect(training).rejects.toBe(reason);
    expect(seen).toBeGreaterThan(50);
    await run({ steps: 5 }, { model, generator });
  });

  test('an abort from elsewhere reaches it, and one before the start lets no step happen', async () => {
    const begun = start();
    await expect(run({ steps: 300_000, signal: AbortSignal.timeout(30) }, begun)).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    const fresh = start();
    await expect(run({ signal: AbortSignal.abort() }, fresh)).rejects.toMatchObject({ name: 'AbortError' });
    expect(values(fresh.model)).toEqual(values(start().model));
  });

  test('gives its memory back after the last step, a break, an abort and an error', async () => {
    // In a core of its own: in the shared one the engine may collect meanwhile what other tests have left.
    const shared = hg;
    hg = await create();
    try {
      const begun = start();
      await run({ steps: 3 }, begun);
      const before = hg.usedBytes;
      await run({ steps: 30 }, begun);
      for await (const _ of begun.model.train({ dataset, generator: begun.generator, steps: 30 })) break;
      await expect(run({ signal: AbortSignal.abort() }, begun)).rejects.toThrow();
      const failing = { schedule: (step: number) => (step === 2 ? Number.NaN : 0.1) };
      await expect(run(failing, begun)).rejects.toThrow(RangeError);
      expect(hg.usedBytes).toBe(before);
    } finally {
      hg.dispose();
      hg = shared;
    }
  });

  test('memory is flat over 100,000 steps', async () => {
    const begun = start();
    const used: number[] = [];
    for await (const _ of begun.model.train({ dataset, generator: begun.generator, steps: 100_000, batch: 2 })) {
      used.push(hg.usedBytes);
    }
    // Meanwhile the engine may collect what other tests have left.
    expect(Math.max(...used)).toBe(used[0]);
  });

  test.each([['fused'], ['stepwise'], ['autograd']] as const)(
    'a diverging loss is a TrainingError, %s',
    async (backward) => {
      const error = await run({ rate: 1e30, backward }).catch((error) => error);
      expect(error).toBeInstanceOf(TrainingError);
      expect(error.step).toBe(1);
      expect(error.message).toMatch(
        /^step 1: expected a finite \w+, got (NaN|-?Infinity); .* rate, 1e\+30, .* smaller/,
      );
    },
  );

  test('a parameter that overflows in the last step is a TrainingError too', async () => {
    const error = await run({ rate: 1e39, steps: 1 }).then(
      () => undefined,
      (error) => error,
    );
    expect(error).toBeInstanceOf(TrainingError);
    expect(error).toMatchObject({ step: 1 });
  });

  test.each<[string, Partial<TrainOptions>, new () => Error, RegExp]>([
    ['steps below 0', { steps: -1 }, RangeError, /^steps: .* -1$/],
    ['half a step', { steps: 1.5 }, RangeError, /^steps: /],
    ['rate NaN', { rate: Number.NaN }, RangeError, /^rate: expected a finite number of at least 0, got NaN$/],
    ['rate infinite', { rate: Number.POSITIVE_INFINITY }, RangeError, /^rate: .* Infinity$/],
    ['rate negative', { rate: -0.1 }, RangeError, /^rate: .* -0.1$/],
    ['rate no number', { rate: '0.1' as never }, TypeError, /^rate: /],
    ['scheduled NaN', { schedule: (step) => (step < 3 ? 0.1 : Number.NaN) }, RangeError, /^schedule\(3\): .* NaN$/],
    ['schedule no function', { schedule: 0.1 as never }, TypeError, /^schedule: expected a function, got 0.1$/],
    ['rate and schedule', { rate: 0.1, schedule: () => 0.1 }, TypeError, /^rate: expected none .* schedule/],
    ['firstStep beyond', { firstStep: 101 }, RangeError, /^firstStep: expected an integer from 0 to 100, got 101$/],
    ['pauseEvery 0', { pauseEvery: 0 }, RangeError, /^pauseEvery: /],
    ['pauseEvery with a 0', { pauseEvery: [1, 0] }, RangeError, /^pauseEvery\[1\]: /],
    ['batch of 1', { batch: 1 }, RangeError, /^batch: /],
    ['unknown pass', { backward: 'magic' as never }, TypeError, /^backward: /],
    ['other block', { dataset: buildDataset(words, vocabulary, 2) as Dataset }, ShapeError, /^dataset: .*\[N, 3\]/],
  ])('refuses %s', async (_, options, type, message) => {
    const begun = start();
    const error = await run(options, begun).then(
      () => undefined,
      (error) => error,
    );
    expect(error).toBeInstanceOf(type);
    expect(error.message).toMatch(message);
  });

  test('a batch beyond memory is refused with its bytes: what a pass by steps writes', () => {
    const { model, generator } = start({ hidden: 64, vocabSize: 27, embed: 10 });
    const trainer = (batch: number) => () => hg.trainer(model, { dataset, generator, batch, backward: 'stepwise' });
    // The loss has no gradient.
    const bytes = 2 * 4 * (4137 + 193 + 582 * 1_000_000) - 4;
    expect(trainer(1_000_000)).toThrow(
      new OutOfMemoryError(
        `B 1000000, T 3, V 27, E 10, H 64: expected sizes whose tensors fit in 4 GiB, got ${bytes} bytes`,
      ),
    );
  });

  test('refuses a generator that was disposed of', async () => {
    const begun = start();
    begun.generator.dispose();
    await expect(run({}, begun)).rejects.toThrow(ReleasedError);
  });
});
