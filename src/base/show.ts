// How values read in messages: short, on one line, whatever they are.

const longestText = 60;
const longestList = 8;
const deepestList = 3;

/** How a value reads in an error message: short, on one line, whatever it is. */
export function show(value: unknown): string {
  try {
    return shown(value, 0);
  } catch {
    return 'an object that cannot be looked at';
  }
}

function shown(value: unknown, depth: number): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint')
    return value > -(10n ** 40n) && value < 10n ** 40n ? `${value}n` : 'a bigint beyond 10^40';
  if (typeof value === 'number' || typeof value === 'boolean' || value == null) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  if (!Array.isArray(value))
    return `a ${escapeControls(String(value.constructor?.name || 'object').slice(0, longestText))}`;
  if (value.length > longestList || depth === deepestList) return `an array of ${value.length}`;
  return `[${Array.from(value, (item) => shown(item, depth + 1)).join(', ')}]`;
}

function quoted(text: string): string {
  return escapeControls(JSON.stringify(text.length > longestText ? `${text.slice(0, longestText)}…` : text));
}

/**
 * `text` with control and format characters, line and paragraph separators and lone surrogates written as escapes, so that it
 * stays on one line and cannot steer a terminal.
 */
export function escapeControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const hex = character.codePointAt(0)!.toString(16);
    return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
  });
}

/**
 * `; the nearest is probs`, to end a message with, where one of `names` is near `name` as after a slip, in another case, or as what is
 * short for it; otherwise nothing. `write` says how a name stands there.
 */
export function guess(name: string, names: readonly string[], write = (known: string) => known): string {
  const given = name.slice(0, longestText).toLowerCase();
  const changes = names.map((known) => changesTo(given, known.toLowerCase()));
  const fewest = Math.min(...changes);
  return fewest < Infinity ? `; the nearest is ${write(names[changes.indexOf(fewest)]!)}` : '';
}

/** How many changes make one name of the other; Infinity where they are not near. */
function changesTo(a: string, b: string): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const changes = distance(a, b);
  const isSlip = changes * (a[0] === b[0] ? 2 : 3) < long.length;
  const isShort = long.startsWith(short.slice(0, 3)) && 3 * short.length > long.length;
  return isSlip || isShort ? changes : Infinity;
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (a[i] === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
