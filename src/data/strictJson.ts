// JSON read strictly: what JSON.parse lets through, a safetensors header must not hold.

import { show } from '../base/show.js';

/** More than any header has, and so few that no engine's stack ends. */
const deepest = 100;

/**
 * The value of a JSON text. Throws SyntaxError also for a key given twice in an object, for a number that is no natural one, and
 * for more than 100 arrays and objects in one another.
 */
export function parseStrictJson(text: string): unknown {
  // The keys of each array and object that is open. JSON.parse comes last, for it may go as deep as the text does.
  const open: Set<string>[] = [];
  let string = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '{' || character === '[') {
      if (open.push(new Set()) > deepest)
        throw new SyntaxError(`more than ${deepest} arrays and objects in one another`);
    } else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const start = at;
      at = closingQuote(text, start);
      string = text.slice(start, at + 1);
    } else if (character === ':') {
      const key = JSON.parse(string);
      const keys = open.at(-1);
      if (keys?.has(key)) throw new SyntaxError(`duplicate key ${show(key)}`);
      keys?.add(key);
    } else if ((character >= '0' && character <= '9') || character === '-') {
      const start = at;
      while (/[\d.eE+-]/.test(text[at + 1] ?? '')) at++;
      const number = text.slice(start, at + 1);
      if (!/^\d+$/.test(number)) throw new SyntaxError(`number ${number.slice(0, 40)}`);
    }
  }
  return JSON.parse(text);
}

/** Where the string that begins at `start` ends; behind the text where it does not. */
function closingQuote(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
