import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import {
  buildDataset,
  create,
  type Handgrad,
  init,
  type LoadedModel,
  ReleasedError,
  type Session,
  type SessionOptions,
  type SessionProgress,
  ShapeError,
  TrainingError,
  type TrainOptions,
  Vocabulary,
} from '../../src/index.js';
import { dataset, vocabulary, words } from './words.js';

const dev = buildDataset(['ella', 'mila', 'liam'], vocabulary, 3);

let hg: Handgrad;
beforeAll(async () => {
  hg = await init();
});

/** Runs a test on a core of its own, so that nothing that others have left is collected meanwhile. */
async function onOwnCore(run: () => Promise<void>): Promise<void> {
  const shared = hg;
  hg = await create();
  try {
    await run();
  } finally {
    hg.dispose();
    hg = shared;
  }
}

function begin(options: { hidden?: number; dtype?: 'float32' | 'float64' } = {}) {
  const generator = hg.generator().manualSeed(1);
  const bnGenerator = hg.generator().manualSeed(2);
  const model = hg.createModel({ vocabSize: vocabulary.size, embed: 3, hidden: 8, ...options, generator, bnGenerator });
  return { generator, bnGenerator, model };
}
type Begun = Pick<ReturnType<typeof begin>, 'generator' | 'model'>;

function open(options: Partial<SessionOptions> = {}, begun: Begun = begin()) {
  const { model, generator } = begun;
  return { ...begun, session: model.session({ dataset, vocabulary, generator, steps: 100, ...options }) };
}

async function all(session: Session): Promise<SessionProgress[]> {
  const reports: SessionProgress[] = [];
  for await (const report of session) reports.push(report);
  return reports;
}

const lossesOf = (reports: SessionProgress[]) => reports.flatMap(({ losses }) => [...losses]);
const bytesOf = ({ model, generator }: Begun, step: number) =>
  model.save({ vocabulary, training: { step, generator } });

/** The bytes and losses of `model.train` with the same options. */
async function trained(options: Partial<TrainOptions> = {}, begun: Begun = begin()) {
  const { model, generator } = begun;
  const losses: number[] = [];
  const asked = { dataset, generator, steps: 100, ...options };
  for await (const slice of model.train(asked)) losses.push(...slice.losses);
  return { losses, bytes: bytesOf(begun, asked.steps) };
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

describe('model.session', () => {
  test.each(
    (['fused', 'stepwise', 'autograd'] as const).flatMap((backward) =>
      (['float32', 'float64'] as const).map((dtype) => ({ backward, dtype })),
    ),
  )('ends in the bytes of model.train, $backward, $dtype', async ({ backward, dtype }) => {
    const options = { backward, batch: 5, rate: 0.2, steps: 60 };
    const expected = await trained(options, begin({ dtype }));
    for (const reportEvery of [undefined, {}, { milliseconds: 0 }, { steps: 7 }]) {
      const begun = open({ ...options, ...(reportEvery && { reportEvery }) }, begin({ dtype }));
      expect(lossesOf(await all(begun.session))).toEqual(expected.losses);
      expect(bytesOf(begun, 60)).toEqual(expected.bytes);
      expect(begun.session.checkpoint()).toEqual(expected.bytes);
    }
  });

  test('takes a schedule, and asks it once a step', async () => {
    const asked: number[] = [];
    const schedule = (step: number) => {
      asked.push(step);
      return 1 / (step + 1);
    };
    const { session } = open({ schedule });
    await all(session);
    expect(asked).toEqual(Array.from({ length: 100 }, (_, step) => step));
    expect(session.checkpoint()).toEqual((await trained({ schedule })).bytes);
  });

  test('reports at multiples of steps, with step, loss, mean and speed', async () => {
    const { session } = open({ reportEvery: { steps: 30 } });
    const reports = await all(session);
    expect(reports.map(({ step }) => step)).toEqual([30, 60, 90, 100]);
    for (const { losses, loss, meanLoss, steps, stepsPerSecond, devLoss } of reports) {
      expect({ steps, loss, devLoss }).toEqual({ steps: 100, loss: losses.at(-1), devLoss: undefined });
      expect(meanLoss).toBeCloseTo([...losses].reduce((sum, loss) => sum + loss) / losses.length, 12);
      expect(stepsPerSecond).toBeGreaterThan(0);
    }
  });

  test.each<[SessionOptions['reportEvery'], number[]]>([
    [undefined, [4, 8, 10]],
    [{ milliseconds: 64 }, [2, 4, 6, 8, 10]],
    [{ milliseconds: 64, steps: 5 }, [2, 4, 5, 7, 9, 10]],
    [{}, [10]],
  ])('with %o, reports of slices of a step and 32 ms come after steps %o', async (reportEvery, expected) => {
    let calls = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => 32 * calls++);
    const { session } = open({ steps: 10, ...(reportEvery && { reportEvery }) });
    const reports = await all(session).finally(() => clock.mockRestore());
    expect(reports.map(({ step }) => step)).toEqual(expected);
    expect(reports[0]!.stepsPerSecond).toBe(31.25);
  });
});

describe('pause and resume', () => {
  test('the loop reports what there is, waits, and ends in the same bytes', async () => {
    const expected = await trained({ steps: 3000 });
    const { session } = open({ steps: 3000 });
    expect(session.state).toBe('ready');
    const running = all(session);
    await turn();
    expect(session.state).toBe('running');
    session.pause();
    expect(session.state).toBe('paused');
    const { stepCount } = session;
    expect(stepCount).toBeGreaterThan(0);
    expect(stepCount).toBeLessThan(3000);
    for (let i = 0; i < 10; i++) await turn();
    expect(session.stepCount).toBe(stepCount);
    session.pause();
    session.resume();
    session.resume();
    expect(session.state).toBe('running');
    const reports = await running;
    expect(reports.map(({ step }) => step)).toContain(stepCount);
    expect(session.state).toBe('done');
    expect(lossesOf(reports)).toEqual(expected.losses);
    expect(session.checkpoint()).toEqual(expected.bytes);
  });

  test('a session that is paused before its loop waits for resume', async () => {
    const { session } = open();
    session.pause();
    const running = all(session);
    for (let i = 0; i < 5; i++) await turn();
    expect(session.stepCount).toBe(0);
    session.resume();
    expect(lossesOf(await running)).toHaveLength(100);
  });

  test('in the body of the loop, steps between pause and resume are reported by themselves', async () => {
    const { session } = open({ reportEvery: { steps: 10 } });
    const seen: number[] = [];
    for await (const { step } of session) {
      seen.push(step);
      if (step !== 20) continue;
      session.pause();
      expect(session.step(3).step).toBe(23);
      session.resume();
    }
    expect(seen).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
    expect(session.checkpoint()).toEqual((await trained()).bytes);
  });

  test('messages arrive between slices', async () => {
    const { session } = open({ steps: 100_000 });
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => session.stop();
    setTimeout(() => port2.postMessage('stop'), 5);
    await all(session);
    port1.close();
    expect(session.state).toBe('stopped');
  });
});

describe('step', () => {
  test('carries out steps before, between and after loops, and the last ones end it', async () => {
    const expected = await trained();
    const { session } = open({ reportEvery: { steps: 50 } });
    const reports = [session.step(), session.step(4)];
    for await (const report of session) {
      reports.push(report);
      break;
    }
    session.pause();
    expect(session.stepCount).toBe(50);
    reports.push(session.step(60));
    expect(reports.slice(0, 2).map(({ step, losses }) => [step, losses.length])).toEqual([
      [1, 1],
      [5, 4],
    ]);
    expect(lossesOf(reports)).toEqual(expected.losses);
    expect(session.state).toBe('done');
    expect(session.checkpoint()).toEqual(expected.bytes);
  });

  test('reports what the loop has not reported yet', async () => {
    const { session } = open({ steps: 100_000, reportEvery: {} });
    const running = all(session);
    await turn();
    session.pause();
    const { stepCount } = session;
    expect(session.step(2)).toMatchObject({ step: stepCount + 2, losses: { length: stepCount + 2 } });
    session.stop();
    expect(await running).toEqual([]);
  });

  test('is refused while it runs', async () => {
    const { session } = open({ reportEvery: { steps: 10 } });
    let refused = 0;
    for await (const _ of session) {
      if (session.state !== 'running') continue;
      expect(() => session.step()).toThrow(
        new TrainingError('session: expected one that is paused, got one that is running', session.stepCount),
      );
      refused++;
    }
    expect(refused).toBe(9);
  });
});

describe('checkpoint', () => {
  test.each(['float32', 'float64'] as const)('goes on to the bytes of an unbroken training, %s', async (dtype) => {
    const whole = open({}, begin({ dtype }));
    const expected = lossesOf(await all(whole.session));
    const half = open({ reportEvery: { steps: 37 } }, begin({ dtype }));
    let file: Uint8Array | undefined;
    for await (const { step } of half.session) {
      if (step !== 37) continue;
      file = half.session.checkpoint();
      expect(file).toEqual(bytesOf(half, 37));
    }
    const { model, training, vocabulary: saved }: LoadedModel = hg.loadModel(file!);
    const { step: firstStep, generator } = training!;
    const rest = model.session({ dataset, vocabulary: saved, generator, steps: 100, firstStep });
    expect(rest.stepCount).toBe(37);
    expect(lossesOf(await all(rest))).toEqual(expected.slice(37));
    expect(rest.checkpoint()).toEqual(whole.session.checkpoint());
    expect(half.session.checkpoint()).toEqual(whole.session.checkpoint());
  });

  test('has what else is asked for, and nothing else', () => {
    const { session, model, generator } = open();
    session.step(10);
    const statistics = model.calibrate(dataset);
    const extra = { metadata: { page: 'mine' } };
    const expected = model.save({ vocabulary, statistics, extra, training: { step: 10, generator } });
    expect(session.checkpoint({ statistics, extra })).toEqual(expected);
    expect(() => session.checkpoint({ vocabulary } as never)).toThrow(/^options: expected statistics, extra, got /);
    session.stop();
    expect(session.checkpoint({ statistics, extra })).toEqual(expected);
  });

  test('in a schedule is that of the steps so far', async () => {
    const files: Uint8Array[] = [];
    const { session } = open({
      schedule: (step) => {
        if (step === 50) files.push(session.checkpoint());
        return 0.1;
      },
    });
    await all(session);
    const { model, training } = hg.loadModel(files[0]!);
    const { step: firstStep, generator } = training!;
    expect(firstStep).toBeLessThanOrEqual(50);
    const rest = open({ firstStep, schedule: () => 0.1 }, { model, generator }).session;
    await all(rest);
    expect(rest.checkpoint()).toEqual(session.checkpoint());
  });
});

describe('whatever is done on the way', () => {
  const steps = 40;
  const reportEvery = { steps: 6 };
  const actions: Readonly<Record<string, (session: Session) => Session | Promise<Session>>> = {
    step: (session) => {
      session.step(3);
      return session;
    },
    loop: async (session) => {
      for await (const _ of session) break;
      return session;
    },
    reload: (session) => {
      const { model, training } = hg.loadModel(session.checkpoint());
      session.stop();
      const { step: firstStep, generator } = training!;
      return open({ steps, firstStep, reportEvery }, { model, generator }).session;
    },
    look: (session) => {
      session.sample({ generator: hg.generator(), maxLength: 3 });
      session.evaluate(dev);
      return session;
    },
  };

  test('the bytes are those of model.train', async () => {
    const { bytes } = await trained({ steps });
    const asked = fc.array(fc.constantFrom(...Object.keys(actions)), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(asked, async (names) => {
        let { session } = open({ steps, reportEvery });
        for (const name of names) if (session.state !== 'done') session = await actions[name]!(session);
        await all(session);
        expect(session.checkpoint()).toEqual(bytes);
      }),
      { numRuns: 40 },
    );
  });
});

describe('sample and evaluate', () => {
  test('use statistics of 1,000 rows, and change neither model nor training', async () => {
    const many = buildDataset(Array.from({ length: 30 }, () => words).flat(), vocabulary, 3);
    expect(many.Y.data.length).toBeGreaterThan(2000);
    const expected = await trained({ dataset: many });
    const { session, model } = open({ dataset: many, dev: many, reportEvery: { steps: 20 } });
    const sampler = () => hg.generator().manualSeed(3);
    for await (const { devLoss } of session) {
      const statistics = model.calibrate(many, { rows: 1000 });
      const options = { count: 3, maxLength: 9, temperature: 1.2, prompt: 'a' };
      expect(session.sample({ generator: sampler(), ...options })).toEqual(
        model.sample({ statistics, vocabulary, generator: sampler(), ...options }),
      );
      expect(session.evaluate(dev)).toBe(model.evaluate(dev, statistics));
      expect(session.evaluate(many, { rows: 10_000 })).toBe(model.evaluate(many, statistics));
      expect(devLoss).toBe(session.evaluate(many));
      expect(devLoss).not.toBe(session.evaluate(many, { rows: 100 }));
      expect(devLoss).not.toBe(session.evaluate(many, { rows: 10_000 }));
    }
    expect(session.checkpoint()).toEqual(expected.bytes);
    expect(session.sample({ generator: sampler() })).toHaveLength(1);
  });

  test('statistics that are given are used, and temperature 0 needs no generator', () => {
    const { session, model } = open();
    session.step(50);
    const statistics = model.calibrate(dev);
    const options = { temperature: 0, statistics, count: 1 } as never;
    expect(session.sample(options)).toEqual(model.sample({ ...(options as object), vocabulary } as never));
  });

  test('the generator of the training is refused', () => {
    const { session, generator } = open();
    expect(() => session.sample({ generator })).toThrow(
      new RangeError('generator: expected another than that of the training, got the same'),
    );
    expect(() => session.sample({} as never)).toThrow(/^generator: expected a Generator, got undefined$/);
    expect(() => session.sample({ generator: hg.generator(), counts: 1 } as never)).toThrow(/^options: .* count$/);
    expect(() => session.evaluate(dev, { rows: 1 })).toThrow(/^rows: /);
    expect(() => session.evaluate(buildDataset(words, vocabulary, 2))).toThrow(ShapeError);
  });
});

describe('the end', () => {
  test('stop ends the loop, which reports what there is, and gives the memory back', () =>
    onOwnCore(async () => {
      const begun = begin();
      const used = hg.usedBytes;
      const { session } = open({ steps: 1_000_000, reportEvery: {}, dev }, begun);
      expect(hg.usedBytes).toBeGreaterThan(used);
      const running = all(session);
      await turn();
      session.stop();
      expect(hg.usedBytes).toBe(used);
      expect(session.state).toBe('stopped');
      // A page that has stopped needs no model for what is left to report.
      begun.model.dispose();
      const [report, ...others] = await running;
      expect(others).toEqual([]);
      expect(report).toMatchObject({ step: session.stepCount, devLoss: undefined });
      session.stop();
    }));

  test('stop ends a loop that is paused, and one from its body', async () => {
    const paused = open();
    paused.session.pause();
    const running = all(paused.session);
    await turn();
    paused.session.stop();
    expect(await running).toEqual([]);
    const { session } = open({ reportEvery: { steps: 10 } });
    let steps = 0;
    for await (const { step } of session) {
      steps = step;
      session.stop();
    }
    expect(steps).toBe(10);
  });

  test('the last step gives the memory back, and so does a session without steps', () =>
    onOwnCore(async () => {
      const begun = begin();
      const used = hg.usedBytes;
      const { session } = open({}, begun);
      await all(session);
      expect(hg.usedBytes).toBe(used);
      const none = open({ firstStep: 100 }, begun).session;
      expect(none.state).toBe('done');
      expect(await all(none)).toEqual([]);
      expect(hg.usedBytes).toBe(used);
      expect(await trained({ steps: 5 }, begun)).toBeDefined();
    }));

  test('a block that has it stops it', () => {
    const { session } = open();
    session[Symbol.dispose ?? Symbol.for('Symbol.dispose')]();
    expect(session.state).toBe('stopped');
  });

  test.each(['done', 'stopped'] as const)('one that is %s goes on no more', async (state) => {
    const { session } = open();
    if (state === 'done') await all(session);
    else session.stop();
    const error = new TrainingError(
      `session: expected one that has not ended, got one that is ${state}`,
      session.stepCount,
    );
    expect(() => session.resume()).toThrow(error);
    expect(() => session.step()).toThrow(error);
    session.pause();
    session.stop();
    expect(session.state).toBe(state);
    expect(await all(session)).toEqual([]);
    expect(session.sample({ generator: hg.generator(), count: 2, maxLength: 5 })).toHaveLength(2);
  });

  test('break ends the loop alone; another one goes on', async () => {
    const expected = await trained();
    const { session } = open({ reportEvery: { steps: 10 } });
    const losses: number[] = [];
    for await (const report of session) {
      losses.push(...report.losses);
      if (report.step === 30) break;
    }
    expect(session.state).toBe('ready');
    losses.push(...lossesOf(await all(session)));
    expect(losses).toEqual(expected.losses);
  });
});

describe('a training that diverges', () => {
  /** A rate that is far too large from step 25 on. */
  const schedule = (step: number) => (step < 25 ? 0.1 : 1e30);

  test('throws a TrainingError, and stands at its last report', async () => {
    const { session } = open({ schedule, reportEvery: { steps: 10 } });
    const files: Uint8Array[] = [];
    const loop = (async () => {
      for await (const _ of session) files.push(session.checkpoint());
    })();
    await expect(loop).rejects.toThrow(TrainingError);
    await expect(loop).rejects.toMatchObject({ step: 26 });
    expect(session.state).toBe('diverged');
    expect(session.stepCount).toBe(20);
    expect(files).toHaveLength(2);
    expect(session.checkpoint()).toEqual(files[1]);
    expect(session.sample({ generator: hg.generator(), count: 2 })).toHaveLength(2);
  });

  test('goes on from there with another rate, to the bytes of a training that never had the first one', async () => {
    // Each slice seems to take long, so that it has one step.
    let looks = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => 32 * looks++);
    let rate = schedule;
    const { session } = open({ schedule: (step) => rate(step), reportEvery: { steps: 10 } });
    await expect(all(session).finally(() => clock.mockRestore())).rejects.toThrow(TrainingError);
    rate = () => 0.1;
    const rest = await all(session);
    expect(rest.map(({ step }) => step)).toEqual([30, 40, 50, 60, 70, 80, 90, 100]);
    expect(rest[0]!.losses).toHaveLength(10);
    expect(session.checkpoint()).toEqual((await trained({ schedule: rate })).bytes);
  });

  test('in single steps stays where it was, while its loop waits', async () => {
    let rate = schedule;
    const { session } = open({ schedule: (step) => rate(step) });
    session.pause();
    const running = all(session);
    session.step(25);
    const file = session.checkpoint();
    expect(() => session.step(5)).toThrow(TrainingError);
    expect(session.state).toBe('diverged');
    expect(session.checkpoint()).toEqual(file);
    rate = () => 0.1;
    expect(session.step().step).toBe(26);
    expect(session.state).toBe('paused');
    session.resume();
    await running;
    expect(session.checkpoint()).toEqual((await trained({ schedule: rate })).bytes);
  });

  test('statistics that overflow are a TrainingError', () => {
    const { session, model } = open({ dev });
    session.step(5);
    model.parameters.W1.mul_(1e25);
    expect(() => session.sample({ generator: hg.generator() })).toThrow(
      new TrainingError('session: expected finite statistics, got Infinity', 5),
    );
    expect(() => session.step(1)).toThrow(TrainingError);
    expect(session.state).toBe('diverged');
    expect(session.step(1).step).toBe(6);
  });

  test('a schedule that throws ends the loop before its step, and no step is lost', async () => {
    let rate: number | string = 'none';
    const { session } = open({ schedule: (step) => (step < 25 ? 0.1 : (rate as number)), reportEvery: {} });
    await expect(all(session)).rejects.toThrow(/^schedule\(25\): expected a number, got "none"$/);
    expect(session.stepCount).toBe(25);
    expect(session.state).toBe('ready');
    rate = 0.1;
    const [report] = await all(session);
    expect(report!.losses).toHaveLength(100);
    expect(session.checkpoint()).toEqual((await trained({ schedule: () => 0.1 })).bytes);
  });
});

describe('misuse', () => {
  test('one training of a model at a time', async () => {
    const begun = begin();
    const { session } = open({}, begun);
    const message = /^model: expected one that is not in training, got one that another train\(\) or session trains/;
    expect(() => open({}, begun)).toThrow(message);
    await expect(trained({}, begun)).rejects.toThrow(message);
    session.stop();
    const training = begun.model.train({ dataset, generator: begun.generator, steps: 5 });
    await training.next();
    expect(() => open({}, begun)).toThrow(TrainingError);
    await training.return();
    expect(open({}, begun).session.step().step).toBe(1);
  });

  test('one loop at a time', async () => {
    const { session } = open();
    const running = all(session);
    await expect(all(session)).rejects.toThrow(
      new TrainingError('session: expected one loop over it, got another', session.stepCount),
    );
    expect(lossesOf(await running)).toHaveLength(100);
  });

  test('a schedule that trains is refused', () => {
    const { session } = open({
      schedule: (step) => {
        if (step === 3 && session.stepCount < 3) session.step(1);
        return 0.1;
      },
    });
    expect(() => session.step(10)).toThrow(/^schedule: expected a rate, got a step of its own training$/);
  });

  test('a model and a generator that are gone are a ReleasedError', async () => {
    const first = open();
    first.model.dispose();
    await expect(all(first.session)).rejects.toThrow(ReleasedError);
    expect(() => first.session.checkpoint()).toThrow(ReleasedError);
    const second = open();
    second.generator.dispose();
    expect(() => second.session.step()).toThrow(ReleasedError);
  });

  test.each<[string, Partial<SessionOptions> & { [name: string]: unknown }, new () => Error, RegExp]>([
    [
      'no vocabulary',
      { vocabulary: undefined as never },
      TypeError,
      /^vocabulary: expected a Vocabulary, got undefined$/,
    ],
    ['another vocabulary', { vocabulary: new Vocabulary(['ab']) }, ShapeError, /^vocabulary: expected \d+ characters/],
    ['an unknown option', { devs: dev }, TypeError, /^options: expected steps, .*the nearest is dev$/],
    ['pauseEvery', { pauseEvery: 5 }, TypeError, /^options: /],
    ['steps below 0', { steps: -1 }, RangeError, /^steps: /],
    ['firstStep beyond', { firstStep: 101 }, RangeError, /^firstStep: /],
    [
      'dev of another block',
      { dev: buildDataset(words, vocabulary, 2) },
      ShapeError,
      /^dev: expected contexts \[N, 3\]/,
    ],
    ['dev null', { dev: null as never }, TypeError, /^dev: expected an object with X, Y and blockSize, got null$/],
    ['an interval', { reportEvery: 100 as never }, TypeError, /^reportEvery: expected an object, got 100$/],
    ['null', { reportEvery: null as never }, TypeError, /^reportEvery: expected an object, got null$/],
    ['milliseconds', { reportEvery: { milliseconds: Number.NaN } }, RangeError, /^reportEvery\.milliseconds: /],
    [
      'steps',
      { reportEvery: { steps: 0 } },
      RangeError,
      /^reportEvery\.steps: expected an integer of at least 1, got 0$/,
    ],
    [
      'seconds',
      { reportEvery: { seconds: 1 } as never },
      TypeError,
      /^reportEvery: expected milliseconds, steps, got /,
    ],
    ['no generator', { generator: undefined as never }, TypeError, /^generator: /],
    ['no dataset', { dataset: undefined as never }, TypeError, /^dataset: /],
    ['batch of 1', { batch: 1 }, RangeError, /^batch: /],
  ])('refuses %s', (_, options, type, message) => {
    const begun = begin();
    const used = hg.usedBytes;
    expect(() => open(options, begun)).toThrow(type);
    expect(() => open(options, begun)).toThrow(message);
    expect(hg.usedBytes).toBe(used);
    expect(open({}, begun).session.state).toBe('ready');
  });

  test.each([0, -1, 1.5, Number.NaN])('refuses %s steps', (n) => {
    const { session } = open();
    expect(() => session.step(n)).toThrow(/^n: expected an integer of at least 1, got /);
    expect(() => session.step('1' as never)).toThrow(TypeError);
    expect(() => (session.step as (...given: unknown[]) => unknown)(1, 2)).toThrow(TypeError);
    expect(session.stepCount).toBe(0);
  });
});

test('memory is flat over 100,000 steps, whatever is looked at meanwhile', () =>
  onOwnCore(async () => {
    const { session } = open({ steps: 100_000, batch: 2, dev, reportEvery: { steps: 2000 } });
    const generator = hg.generator();
    const used: number[] = [];
    for await (const _ of session) {
      session.sample({ generator, count: 2, maxLength: 5 });
      session.evaluate(dev);
      session.checkpoint();
      session.pause();
      if (session.stepCount < 100_000) session.step(10);
      if (session.state === 'paused') session.resume();
      used.push(hg.usedBytes);
    }
    expect(Math.max(...used)).toBe(used[0]);
  }));
