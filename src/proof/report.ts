// The report of a proof: its data, with what one does with them.

import { toJsonNumber } from '../base/ndarray.js';
import {
  type ChainStep,
  type GradientReport,
  type GradientValues,
  isRight,
  outcomeOf,
  type ReferenceReport,
  type ReportData,
} from './schema.js';
import { reportText } from './text.js';

/**
 * What `prove` finds out: `name`, `dtype`, `ok`, `root`, `reference`, `gradients` and `chain` as ReportData has them. `assert()` throws where
 * something is not right, `toString()` gives a table, `toJSON()` the data.
 */
export class ProofReport implements ReportData {
  readonly format = 'handgrad-report-1';
  declare readonly name: string;
  declare readonly dtype: 'float32' | 'float64';
  declare readonly ok: boolean;
  declare readonly root: string | null;
  declare readonly reference: ReferenceReport;
  declare readonly gradients: readonly GradientReport[];
  declare readonly chain: readonly ChainStep[];
  /** The values behind each row, by name; not part of the JSON. */
  declare readonly values: ReadonlyMap<string, GradientValues>;

  /** @internal */
  constructor(
    { name, dtype, ...found }: Omit<ReportData, 'format' | 'ok' | 'root'>,
    values: ReadonlyMap<string, GradientValues>,
  ) {
    const { gradients, reference } = found;
    const ok =
      gradients.length > 0 &&
      gradients.every(({ verdict }) => isRight(verdict)) &&
      reference.trusted &&
      // Of files of other programs nothing may be left to show a fault, where all bits are the same.
      (reference.control?.found ?? reference.kind === 'given');
    const root = gradients.find(({ ownFault }) => ownFault)?.name ?? null;
    Object.assign(this, { name, dtype, ok, root, ...found, values });
  }

  /** The verdict on everything: `wrong` where something is wrong or unclaimed, `undecided` where something is. */
  get outcome(): 'right' | 'wrong' | 'undecided' {
    return outcomeOf(this);
  }

  /** Throws an AssertionError-like Error whose message is the table, unless everything is right. */
  assert(): this {
    if (!this.ok) throw new Error(`${this.name}: expected every gradient to be right, got:\n${this}`);
    return this;
  }

  toJSON(): ReportData {
    const { values: _, ...data } = this;
    return withJsonNumbers(data) as ReportData;
  }

  toString(): string {
    return reportText(this);
  }
}

function withJsonNumbers<Value>(value: Value): Value {
  if (typeof value === 'number') return toJsonNumber(value) as Value;
  if (Array.isArray(value)) return value.map(withJsonNumbers) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withJsonNumbers(part)])) as Value;
}
