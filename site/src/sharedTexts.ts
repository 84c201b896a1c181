// Texts that are kept for the next visit, and that several tabs may write at the same time: none of them is lost.

import { type Signal, signal } from '@preact/signals';
import { keep, kept, notKept, onKeptElsewhere } from './storage.js';

type Lists = Readonly<Record<string, readonly string[]>>;

export interface Shared<Rest> {
  /** The texts, by name; one that is empty is none. */
  readonly texts: Readonly<Record<string, string>>;
  /** Other texts for the same names, which were written in other tabs. */
  readonly others: Lists;
  /** Whatever else is kept; of that the last word counts. */
  readonly rest: Rest;
}

/** How what is kept is read, and written. */
export interface Format<Rest> {
  /** Reads what was written, whoever wrote it; null where nothing is kept. */
  read(text: string | null): Shared<Rest>;
  write(shared: Shared<Rest>): string;
}

/**
 * What is kept under one key. A text that was written here stays here: where another tab writes another one for the same name, both
 * are kept, and each tab shows the one that it does not have among the others. What was not written here follows the other tabs.
 */
export class SharedTexts<Rest> {
  /** What this tab shows. */
  readonly shown: Signal<Shared<Rest>>;
  /** The texts that were written here. */
  readonly #own = new Map<string, string>();
  readonly #dropped = new Set<string>();

  constructor(
    readonly key: string,
    readonly format: Format<Rest>,
  ) {
    this.shown = signal(format.read(kept(key)));
    this.#show(this.shown.peek());
    onKeptElsewhere(key, () => {
      const stored = this.#stored();
      const next = this.#withOwn(stored);
      if (next.others !== stored.others) this.#keep(next);
      this.#show(next);
    });
  }

  /** Writes the texts that differ from what is shown here, and changes the rest as it is kept now. */
  write(texts: Readonly<Record<string, string>>, change = (rest: Rest): Rest => rest): void {
    const before = this.shown.peek().texts;
    const stored = this.#withOwn(this.#stored());
    const next = { texts: { ...stored.texts }, others: { ...stored.others }, rest: change(stored.rest) };
    for (const [name, text] of Object.entries(texts)) {
      const was = before[name] ?? '';
      if (text === was && name in next.texts) continue;
      const candidates = [...(stored.others[name] ?? []), stored.texts[name] ?? ''];
      next.others[name] = candidates.filter((other) => ![text, was, ''].includes(other));
      next.texts[name] = text;
      if (text === '') this.#own.delete(name);
      else this.#own.set(name, text);
    }
    this.#keep(next);
    this.#show(next);
  }

  /** Drops one of the others. */
  drop(name: string, text: string): void {
    const mine = this.shown.peek().texts[name]!;
    const stored = this.#withOwn(this.#stored());
    const isStored = stored.texts[name] === text;
    const left = (stored.others[name] ?? []).filter((other) => other !== text && !(isStored && other === mine));
    const next = {
      ...stored,
      texts: isStored ? { ...stored.texts, [name]: mine } : stored.texts,
      others: { ...stored.others, [name]: left },
    };
    // A tab that has it keeps it there.
    this.#dropped.add(`${name} ${text}`);
    this.#keep(next);
    this.#show(next);
  }

  #stored(): Shared<Rest> {
    return notKept.peek() === '' ? this.format.read(kept(this.key)) : this.shown.peek();
  }

  #keep(next: Shared<Rest>): void {
    keep(this.key, this.format.write(next));
  }

  /** `stored`, with what was written here among the others where another text has taken its place. */
  #withOwn(stored: Shared<Rest>): Shared<Rest> {
    let { others } = stored;
    for (const [name, text] of this.#own) {
      if (!(name in stored.texts)) this.#own.delete(name);
      else if (stored.texts[name] !== text && !others[name]?.includes(text)) {
        others = { ...others, [name]: [...(others[name] ?? []), text] };
      }
    }
    return { ...stored, others };
  }

  #show(stored: Shared<Rest>): void {
    const texts = { ...stored.texts, ...Object.fromEntries(this.#own) };
    const othersOf = (name: string) =>
      [...new Set([...(stored.others[name] ?? []), stored.texts[name]!])].filter(
        (text) => text !== texts[name] && text !== '' && !this.#dropped.has(`${name} ${text}`),
      );
    const others = Object.fromEntries(Object.keys(stored.texts).map((name) => [name, othersOf(name)]));
    this.shown.value = { texts, others, rest: stored.rest };
  }
}

/** The lists of texts of `names` in what was kept; whatever else there is, is left out. */
export function readOthers(given: unknown, names: readonly string[]): Lists {
  const lists = Object.entries(recordOf(given)).filter(([name]) => names.includes(name));
  return Object.fromEntries(
    lists.map(([name, list]) => [name, Array.isArray(list) ? list.filter((text) => typeof text === 'string') : []]),
  );
}

/** The members of an object; none of anything else. */
export const recordOf = (given: unknown): Readonly<Record<string, unknown>> =>
  typeof given === 'object' && given !== null ? { ...given } : {};

/** What `read` makes of a text in JSON; of one that is none, what it makes of undefined. */
export function readJson(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
