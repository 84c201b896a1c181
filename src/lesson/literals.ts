// Numbers and strings as Python writes them.

/** A number of Python, from its beginning; the dot is apart that no digit follows. */
const numbers =
  /(?<![\p{ID_Continue}.])(?:0[box][\da-f_]+|(?:(\d[\d_]*)\.(?!\d)|\d[\d_]*(?:\.\d[\d_]*)?|\.\d[\d_]*)(?:e[+-]?\d[\d_]*)?)/giu;

/**
 * `source` with the dot of floats such as `1.` replaced by an underscore, for the parser takes a dot that no digit follows for that
 * of an attribute. Nothing moves, so that all that is found in it stands at the same place of `source`.
 */
export function withoutTrailingDots(source: string): string {
  return source.replace(numbers, (number, digits?: string) =>
    digits === undefined ? number : `${digits}_${number.slice(digits.length + 1)}`,
  );
}

/** The value of a number: a bigint for an int, a number for a float; undefined for a complex one and for what Python refuses. */
export function number(text: string): bigint | number | undefined {
  if (/_[_.]|\._|_$/.test(text)) return undefined;
  const digits = text.replaceAll('_', '');
  if (/^0[box]/i.test(digits)) return digits.length > 2 ? BigInt(digits.toLowerCase()) : undefined;
  if (/j$/i.test(digits) || /^0+[1-9]\d*$/.test(digits)) return undefined;
  return /^\d+$/.test(digits) ? BigInt(digits) : Number(digits);
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

/** The quotes that a string begins with; empty for a part of one, which the parser may make of what is no Python. */
export function quotesOf(text: string): string {
  return /^[a-z]*('''|"""|'|")/i.exec(text)?.[1] ?? '';
}

/** Whether a string has the quotes at its end that it begins with. */
export function isEnded(text: string): boolean {
  const quotes = quotesOf(text);
  const start = text.indexOf(quotes) + quotes.length;
  const end = text.length - quotes.length;
  return end >= start && text.endsWith(quotes) && /(^|[^\\])(\\\\)*$/.test(text.slice(start, end));
}

/** The value of a string with its quotes; undefined for one of bytes. */
export function plainString(text: string): string | undefined {
  const quotes = quotesOf(text);
  const prefix = text.slice(0, text.indexOf(quotes));
  if (/b/i.test(prefix)) return undefined;
  const body = text.slice(prefix.length + quotes.length, text.length - quotes.length);
  if (/r/i.test(prefix)) return body;
  return body.replace(/\\(x[\da-f]{2}|u[\da-f]{4}|U[\da-f]{8}|[\s\S])/gi, (whole, code: string) => {
    if (code.length === 1) return escapes[code] ?? whole;
    const point = Number.parseInt(code.slice(1), 16);
    return point > 0x10ffff ? whole : String.fromCodePoint(point);
  });
}
