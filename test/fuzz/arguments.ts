// Garbage arguments to every public function: each call must return, or throw a typed error that says what was expected, and
// leave both cores as they were.

import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Session, Tensor, Trainer } from '../../src/index.js';
import { garbage, Own } from './garbage.js';
import { Finding, slowly, type Target, type World } from './harness.js';
import { Health, takenForEqual } from './health.js';
import { library, newHandle } from './library.js';
import { belongs, coresIn, dataset, fill, newSide, type Side, vocabulary, words } from './objects.js';
import { Random } from './random.js';
import { isObject, named, say } from './say.js';
import { type Callable, ownArguments, owners, plausibleArguments, surface, weight } from './surface.js';
import { into, writeInto } from './writes.js';

/** Milliseconds after which a call is too slow: everything here is small, or too large to begin with. */
const slow = 1000;
/** Calls between two looks at everything. */
const between = 50;

export const argumentsTarget: Target = {
  name: 'arguments',
  runs: 100_000,
  quick: 4000,
  together: 500,
  patience: 30,
  open: (seed) => Calls.open(seed),
};

/** A core that was disposed of, with all that it had made. */
const disposed = fill('disposed', await newHandle());
disposed.hg.dispose();
const TensorClass = disposed.tensors[0]!.constructor as typeof Tensor;

/** Where calls may write files. */
const folder = join(tmpdir(), `handgrad-fuzz-${crypto.randomUUID()}`);
const home = process.cwd();
/** Worlds that are open: one, and another while a finding is looked for again. */
let worlds = 0;

const rejections: unknown[] = [];

interface Call {
  readonly callable: Callable;
  readonly self: object;
  readonly given: unknown[];
}

class Calls implements World {
  readonly #sides: readonly [Side, Side];
  readonly #health: readonly Health[];
  readonly #callables: readonly Callable[];
  readonly #weights: readonly number[];
  readonly #log = console.log;
  readonly #onRejection = (reason: unknown) => rejections.push(reason);
  #calls = 0;

  private constructor(sides: readonly [Side, Side], health: readonly Health[]) {
    this.#sides = sides;
    this.#health = health;
    this.#callables = surface(sides[0]);
    let sum = 0;
    this.#weights = this.#callables.map((callable) => (sum += weight(callable)));
    // Files that a call may write land in a folder that goes; what `cmp` prints is not wanted.
    if (worlds++ === 0) mkdirSync(folder);
    process.chdir(folder);
    console.log = () => {};
    process.on('unhandledRejection', this.#onRejection);
  }

  static async open(seed: number): Promise<Calls> {
    const sides = [await newSide('A'), await newSide('B')] as const;
    // Not all worlds have the same addresses.
    const random = new Random(seed);
    const health = sides.map((side) => {
      side.hg.zeros([random.below(40)]);
      const health = new Health(side.hg);
      side.hg.zeros([random.below(40)]);
      health.guard();
      // Calls may close this one; the guards are outside of it.
      side.scopes.push(belongs(side.hg, named(`${side.name}.scope`, side.hg.scope())));
      return health;
    });
    return new Calls(sides, health);
  }

  close(): void {
    if (--worlds === 0) {
      process.chdir(home);
      rmSync(folder, { recursive: true, force: true });
    }
    console.log = this.#log;
    process.off('unhandledRejection', this.#onRejection);
  }

  run(random: Random): void | Promise<void> {
    return random.chance(0.04) ? this.#write(random) : this.#call(this.#choose(random), random);
  }

  #call(call: Call, random: Random): void | Promise<void> {
    const { key } = call.callable;
    const start = performance.now();
    let result: unknown;
    try {
      result = perform(call);
      if (key === 'Handgrad.trainer') tryOut(result as Trainer);
      if (key === 'Model.session') tryOutSession(result as Session);
    } catch (error) {
      return this.#check(call, random, start, undefined, error);
    }
    const waits = isPromise(result, key) || isIterator(result, key);
    if (!waits) return this.#check(call, random, start, result, undefined);
    return settled(call, result).then(
      (value) => this.#check(call, random, start, value, undefined),
      (error: unknown) => {
        if (error instanceof Finding) throw error;
        return this.#check(call, random, start, undefined, error);
      },
    );
  }

  /** Writes into an object, then uses it as it should be used. */
  #write(random: Random): void {
    const [side] = this.#sides;
    const value = this.#any(side, random);
    const constant = random.chance(0.1);
    const owner = constant ? 'Model' : random.pick(Object.keys(owners(side)).filter((name) => !isFixed(name)));
    const self = random.pick(owners(side)[owner]!);
    const [name, list] = random.pick(constants);
    const write = constant ? into(name, name, list, value, random) : writeInto(owner, self, value, random);
    if (write === undefined) return;
    const uses = this.#callables.filter(
      (callable) => callable.owner === owner && !/dispose|close|stop|train$|asyncIterator/.test(callable.key),
    );
    try {
      for (let i = 0; i < 3; i++) {
        const callable = random.pick(uses);
        const given = plausibleArguments(callable, side, random) ?? [];
        void this.#call({ callable, self, given }, random);
      }
    } catch (error) {
      if (!(error instanceof Finding)) throw error;
      const what = error.key.includes('unsound') ? error.key : 'its use throws an error that is not typed';
      throw new Finding(`after a write to ${write.place}: ${what}`, `${write.text}\n${error.call}`, { cause: error });
    } finally {
      write.undo();
    }
  }

  #choose(random: Random): Call {
    const at = random.real(0, this.#weights.at(-1)!);
    const callable = this.#callables[this.#weights.findIndex((weight) => at < weight)] ?? this.#callables[0]!;
    const side = this.#sides[random.chance(0.85) ? 0 : 1];
    const self = random.pick(owners(side)[callable.owner]!);
    const plausible = plausibleArguments(callable, side, random);
    const given = plausible ?? random.list(random.below(4), () => this.#any(side, random));
    if (plausible !== undefined && random.chance(0.15)) this.#mix(callable, given, side, random);
    else if (plausible !== undefined && random.chance(0.9)) this.#spoil(given, side, random);
    tame(callable, given);
    if (callable.kind === 'set') given.length = 1;
    return { callable, self, given };
  }

  /** Replaces some of the arguments, or options, by what they would be on the other core. */
  #mix(callable: Callable, given: unknown[], side: Side, random: Random): void {
    const other = this.#sides.find((one) => one !== side)!;
    const theirs = plausibleArguments(callable, other, random)!;
    given.forEach((value, at) => {
      const their = theirs[at];
      if (random.chance(0.4)) return;
      if (!isOptions(value) || !isOptions(their) || random.chance(0.3)) given[at] = their;
      else if (Object.keys(their).length > 0) {
        const key = random.pick(Object.keys(their));
        given[at] = { ...value, [key]: their[key] };
      }
    });
  }

  /** Replaces some of the arguments, or parts of them; leaves some out; adds some. */
  #spoil(given: unknown[], side: Side, random: Random): void {
    const times = random.chance(0.7) ? 1 : random.between(0, given.length);
    for (let i = 0; i < times && given.length > 0; i++) {
      const at = random.below(given.length);
      try {
        given[at] = random.chance(0.45) ? this.#spoiled(given[at], side, random) : this.#any(side, random);
      } catch (error) {
        // Some values do not let themselves be copied; they stay as they are.
        if (!(error instanceof Own)) throw error;
      }
    }
    if (random.chance(0.06)) given.pop();
    if (random.chance(0.06)) given.push(this.#any(side, random));
    if (random.chance(0.01)) given.push({}, undefined, 1);
  }

  /** `value` with something in it replaced, where there is something in it. */
  #spoiled(value: unknown, side: Side, random: Random): unknown {
    if (Array.isArray(value)) {
      const copy = [...value];
      const choice = random.below(6);
      if (choice === 0) copy.push(this.#any(side, random));
      else if (choice === 1 && copy.length > 0) delete copy[random.below(copy.length)];
      else if (choice === 2) copy.length += 2;
      else if (copy.length > 0) {
        const at = random.below(copy.length);
        copy[at] = this.#spoiled(copy[at], side, random);
      }
      return random.chance(0.05) ? Object.freeze(copy) : copy;
    }
    if (!isOptions(value)) return this.#any(side, random);
    if (Object.values(Object.getOwnPropertyDescriptors(value)).some(({ get }) => get !== undefined)) return value;
    const copy: Record<string, unknown> = { ...value };
    const keys = Object.keys(copy);
    const key = keys.length > 0 ? random.pick(keys) : 'x';
    const choice = random.below(8);
    if (choice === 0) delete copy[key];
    else if (choice === 1) copy[`${key}s`] = copy[key];
    else if (choice === 2) Object.defineProperty(copy, key, { get: throwing, enumerable: true });
    else if (random.chance(0.4)) copy[key] = this.#object(side, random);
    else copy[key] = this.#spoiled(copy[key], side, random);
    return copy;
  }

  /** A value of any kind: garbage, or an object of this core, of another, or of one disposed of. */
  #any(side: Side, random: Random): unknown {
    return random.chance(0.5) ? garbage(random) : this.#object(side, random);
  }

  #object(side: Side, random: Random): unknown {
    const from = random.chance(0.6) ? side : random.pick([...this.#sides, disposed]);
    return random.pick<() => unknown>([
      () => random.pick(from.tensors),
      () => random.pick(from.tensors),
      () => random.pick(from.tensors).array,
      () => random.pick(from.models),
      () => random.pick(from.trainers),
      () => random.pick(from.sessions),
      () => random.pick(from.generators),
      () => random.pick(from.randoms),
      () => random.pick(from.scopes),
      () => from.hg,
      () => [random.pick(from.tensors), random.pick(from.tensors)],
      () => from.statistics,
      () => from.models[0]!.parameters,
      () => from.file,
      () => vocabulary,
      () => dataset,
      () => words,
      () => Object.create(TensorClass.prototype),
      () => ({ generator: random.pick(from.generators), dtype: 'float32' }),
      () => ({ dtype: 'float32', shape: [2], data: new Float32Array(2) }),
      () => new Uint8Array(5056),
    ])();
  }

  #check(call: Call, random: Random, start: number, result: unknown, error: unknown): void {
    const { key } = call.callable;
    const took = performance.now() - start;
    if (took > slow) throw finding(call, slowly, `(${Math.round(took)} ms)`);
    if (error !== undefined) {
      const wrong = notTyped(error);
      if (wrong !== undefined) {
        const sound = this.#health.every((health) => health.wrong() === undefined);
        throw finding(call, wrong, '', error, sound);
      }
    } else if (mixes(call)) throw finding(call, 'takes an object of another core', `returned ${say(result)}`);
    this.#health.forEach((health, i) => {
      const wrong = health.wrong();
      if (wrong !== undefined) throw finding(call, `leaves a core unsound: ${wrong}`, `in ${this.#sides[i]!.name}`);
    });
    if (this.#calls++ % between === 0 || /dispose|close|scope|adopt|forget|run$|create|trainer/.test(key)) {
      this.#checkAll(call, random);
    }
    if (rejections.length > 0) throw finding(call, `leaves a rejection unhandled: ${say(rejections.splice(0)[0])}`, '');
    this.#adopt(call, result, random);
  }

  #checkAll(call: Call, random: Random): void {
    for (const health of this.#health) {
      const wrong = health.wrongAnywhere();
      if (wrong !== undefined) throw finding(call, `leaves a core unsound: ${wrong}`, '');
    }
    const { tensors } = this.#sides[0];
    const [a, b] = [random.pick(tensors), random.pick(tensors)];
    const equal = a === b ? undefined : takenForEqual(a, b);
    if (equal !== undefined) throw new Finding(equal, `${say(a)} and ${say(b)}`);
  }

  /** Uses some results in later calls. */
  #adopt({ callable }: Call, result: unknown, random: Random): void {
    // What was given may come back, as of noGrad, with a tensor's prototype alone.
    if (!TensorClass.is(result) || !random.chance(0.3)) return;
    // A function that was called in a scope may have made it on another core.
    const side = this.#sides.find(({ floats }) => floats[0]!.array.core === result.array.core);
    if (side === undefined) return;
    belongs(side.hg, named(`${side.name}.a result of ${callable.key}`, belongs(side.hg, result)).array);
    const list = random.pick([side.tensors, side.floats]);
    if (result.size < 1000) list[list.length - 1 - random.below(3)] = result;
  }
}

/** Owners that are not written to: a user who replaces functions gets what he wants. */
function isFixed(owner: string): boolean {
  return owner === 'library' || owner === 'Handgrad';
}

/** The lists that the library exports. */
const constants = Object.entries(library).filter((entry): entry is [string, never] => typeof entry[1] === 'object');

function isOptions(value: unknown): value is Record<string, unknown> {
  return isObject(value) && Object.getPrototypeOf(value) === Object.prototype;
}

function throwing(): never {
  throw new Own('thrown by a getter');
}

function perform({ callable: { name, kind }, self, given }: Call): unknown {
  if (kind === 'get') return Reflect.get(self, name);
  if (kind === 'set') {
    (self as Record<PropertyKey, unknown>)[name] = given[0];
    return undefined;
  }
  const method = Reflect.get(self, name) as (...given: unknown[]) => unknown;
  return kind === 'constructor' ? Reflect.construct(method, given) : Reflect.apply(method, self, given);
}

/** A trainer is as good as its first steps. */
function tryOut(trainer: Trainer): void {
  try {
    trainer.run([0.1, 0.1]);
  } finally {
    trainer.dispose();
  }
}

function tryOutSession(session: Session): void {
  try {
    session.step(2);
  } finally {
    session.stop();
  }
}

/** A promise that the library made; one that it was given and hands back is none. */
function isPromise(value: unknown, key: string): value is Promise<unknown> {
  return value instanceof Promise && key.startsWith('library.');
}

function isIterator(value: unknown, key: string): value is AsyncGenerator<unknown> {
  return /^Model\.train$|^Session\..*asyncIterator/.test(key) && isObject(value);
}

/** What a promise comes to, or an iterator after two steps. Throws a Finding for one that does not come to an end. */
async function settled(call: Call, value: unknown): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(finding(call, 'does not settle', '')), 10 * slow);
  });
  try {
    return await Promise.race([late, isIterator(value, call.callable.key) ? twoSteps(call, value) : value]);
  } finally {
    clearTimeout(timer);
  }
}

async function twoSteps({ self }: Call, training: AsyncGenerator<unknown>): Promise<void> {
  const session = self as Partial<Session>;
  if (session.state === 'paused') session.resume!();
  for (let i = 0; i < 2 && !(await training.next()).done; i++);
  await training.return(undefined);
}

/** Errors that the library's own classes and JavaScript's give, and messages that say what was expected. */
const classes: readonly unknown[] = [
  TypeError,
  RangeError,
  ...Object.values(library).filter((value) => typeof value === 'function' && value.prototype instanceof Error),
];

/** What is wrong with an error; undefined for a typed one that says what was expected, and for those of the arguments. */
function notTyped(error: unknown): string | undefined {
  if (error instanceof Own || (error instanceof Error && error.cause instanceof Own)) return undefined;
  if (!(error instanceof Error)) return `throws ${say(error)}`;
  const text = `${error.constructor.name}: ${error.message}`.split('\n')[0]!;
  if (!classes.some((type) => error instanceof (type as ErrorConstructor)))
    return `throws an error of no promised type: ${general(text)}`;
  return /\bexpected\b/.test(error.message)
    ? undefined
    : `throws an error that says not what was expected: ${general(text)}`;
}

/** A message without what differs from call to call. */
function general(text: string): string {
  return text
    .replace(/\d[\d.e+-]*/g, '#')
    .replace(/"[^"]*"/g, '"…"')
    .slice(0, 110);
}

function finding(
  { callable, self, given }: Call,
  what: string,
  detail: string,
  cause?: unknown,
  harmless = false,
): Finding {
  const { key, owner, name, kind } = callable;
  const list = given.map((value) => say(value)).join(', ');
  const target = owner === 'library' ? String(name) : `${say(self)}.${String(name)}`;
  const call = kind === 'get' ? target : kind === 'set' ? `${target} = ${list}` : `${target}(${list})`;
  const stack = cause instanceof Error ? `\n${cause.stack?.split('\n').slice(0, 4).join('\n')}` : '';
  return new Finding(`${key}: ${what}`, `${kind === 'constructor' ? 'new ' : ''}${call} ${detail}${stack}`, {
    cause,
    harmless,
  });
}

/** Whether a call was given objects of more than one core where all must be of one. */
function mixes({ callable, self, given }: Call): boolean {
  return coresIn(ownArguments(callable, given), coresIn(self)).size > 1;
}

/** Changes requests that are valid but take for ever: so many words or steps, or such long words. */
function tame({ key }: Callable, given: unknown[]): void {
  const [options] = given;
  if (key === 'Trainer.run' && options instanceof Uint8Array) given[0] = options.slice(0, 20);
  if (!/^(Model|Session)\.sample$/.test(key) || !isObject(options)) return;
  for (const name of ['count', 'maxLength']) {
    const value: unknown = Object.getOwnPropertyDescriptor(options, name)?.value;
    if (typeof value === 'number' && value > 50) Object.assign(options, { [name]: 3 });
  }
}
