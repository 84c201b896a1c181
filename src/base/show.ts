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
  let [best, fewest] = ['', Infinity];
  for (const known of names) {
    const changes = distance(given, known.toLowerCase());
    if (changes < fewest && isNear(given, known.toLowerCase(), changes)) [best, fewest] = [known, changes];
  }
  return fewest === Infinity ? '' : `; the nearest is ${write(best)}`;
}

/** Whether two names differ in less than a third of their characters, or in one behind the first; or whether one is short for the other. */
function isNear(a: string, b: string, changes: number): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (3 * changes < long.length || (changes === 1 && a[0] === b[0])) return true;
  let found = 0;
  for (const character of long) if (character === short[found]) found++;
  const isShort = short.length >= 3 && 3 * short.length > long.length;
  return isShort && found === short.length && long.startsWith(short.slice(0, 3));
}

/** How many characters to change, add, leave out or swap with the next one. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const [row, above] = [[i], rows[i - 1]!];
    for (let j = 1; j <= b.length; j++) {
      const change = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(Math.min(row[j - 1]! + 1, above[j]! + 1, change, isSwap ? rows[i - 2]![j - 2]! + 1 : Infinity));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
