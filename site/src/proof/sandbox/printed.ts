// What console.log is given, as text, as much of it as a reader may want.

const mostLines = 200;
const longest = 4000;

/** Makes the console hand what is printed to `say`, text by text, up to a limit that is said too. */
export function captureConsole(say: (text: string) => void): void {
  let count = 0;
  const print = (...values: unknown[]) => {
    count++;
    if (count <= mostLines) say(textOf(values));
    if (count === mostLines + 1) say('… and more, which is not shown');
  };
  for (const method of ['log', 'info', 'debug', 'warn', 'error', 'table', 'dir', 'trace'] as const) {
    console[method] = print;
  }
}

function textOf(values: readonly unknown[]): string {
  const text = values.map(shown).join(' ');
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    const isPlain = Array.isArray(value) || (value != null && Object.getPrototypeOf(value) === Object.prototype);
    return isPlain ? JSON.stringify(value) : String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
