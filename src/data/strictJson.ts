// JSON read strictly: what JSON.parse lets through, a safetensors header must not hold.

import { show } from '../core/check.js';

/** The value of a JSON text. Throws SyntaxError also for a key given twice in an object and for a number that is no natural one. */
export function parseStrictJson(text: string): unknown {
  const value = JSON.parse(text);
  const open: Set<string>[] = [];
  for (const [token, colon] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"\s*(:?)|[{}]|-?\d[\d.eE+-]*/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (colon === ':') {
      const key = JSON.parse(token.slice(0, -1));
      const keys = open.at(-1)!;
      if (keys.has(key)) throw new SyntaxError(`duplicate key ${show(key)}`);
      keys.add(key);
    } else if (token[0] !== '"' && !/^\d+$/.test(token)) throw new SyntaxError(`number ${token}`);
  }
  return value;
}
