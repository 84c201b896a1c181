// What the library says, in the words that a cell is written in.

const words: readonly (readonly [RegExp, string])[] = [
  [/\{ retainGraph: true \}/g, 'retain_graph=True'],
  [/\brequiresGrad\b/g, 'requires_grad'],
  [/\bnumClasses\b/g, 'num_classes'],
  [/; hg\.scope\(.*$/g, ''],
];

/** A message of the library as one about Python. */
export function inPython(message: string): string {
  return words.reduce((text, [pattern, word]) => text.replace(pattern, word), message);
}
