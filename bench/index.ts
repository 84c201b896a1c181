import { title } from './problem.js';
import { steps } from './step.js';
import { digits, table } from './table.js';

for (const { size, times, missing } of await steps({ rounds: 9, slice: 0.06 })) {
  console.log(title(size), missing);
  console.log(
    table(
      ['', 'µs', 'p10', 'p90', 'ratio'],
      times.map((t) => [
        t.title,
        digits(t.median * 1e6),
        digits(t.low * 1e6),
        digits(t.high * 1e6),
        digits(t.median / times[0]!.median),
      ]),
    ),
  );
}
