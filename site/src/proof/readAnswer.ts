// What comes out of the frame in which code of others runs, read before it is believed.

import { maybe, members, number, readReport, text } from './readReport.js';
import type { Answer, Count } from './sandbox/protocol.js';

const longest = 5000;

/** Throws TypeError for what is no answer. */
export function readAnswer(value: unknown): Answer {
  const { kind, ...given } = members('answer', value);
  switch (kind) {
    case 'ready':
    case 'pong':
    case 'started':
      return { kind };
    case 'printed':
      return { kind, text: short('text', given.text) };
    case 'judged': {
      const { seed, report } = members('judged', given.judged);
      return { kind, judged: { seed: number('seed', seed), report: readReport(report) } };
    }
    case 'count':
    case 'done':
      return { kind, count: countOf(given.count) };
    case 'failed': {
      const { name, message, line, column } = members('failure', given.failure);
      const place = (it: unknown) => number('place', it);
      return {
        kind,
        failure: {
          name: short('name', name),
          message: short('message', message),
          line: maybe(line, place),
          column: maybe(column, place),
        },
      };
    }
    default:
      throw new TypeError(`answer: expected a kind that is known, got ${typeof kind}`);
  }
}

function countOf(value: unknown): Count {
  const { done, right } = members('count', value);
  return { done: number('done', done), right: number('right', right) };
}

function short(name: string, value: unknown): string {
  const given = text(name, value);
  return given.length > longest ? `${given.slice(0, longest)}…` : given;
}
