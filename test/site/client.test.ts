// The page's side of a worker, with a worker that the test plays.

import { expect, test, vi } from 'vitest';
import { Client } from '../../site/src/lab/client.js';
import type { Answer, Question } from '../../site/src/lab/protocol.js';

interface Requests {
  double: { input: number; output: number };
}

class Played {
  readonly asked: Question[] = [];
  isEnded = false;
  onmessage: (message: { data: Answer }) => void = () => {};
  onerror: (event: { message: string }) => void = () => {};

  postMessage(question: Question): void {
    this.asked.push(question);
  }

  terminate(): void {
    this.isEnded = true;
  }

  listens(): void {
    this.onmessage({ data: { id: 0, output: undefined } });
  }
}

function begun() {
  const workers: Played[] = [];
  const client = new Client<Requests>(() => {
    const worker = new Played();
    workers.push(worker);
    return worker as unknown as Worker;
  });
  return { client, workers };
}

test('a question is put once the worker listens, and answered', async () => {
  const { client, workers } = begun();
  const answer = client.ask('double', 2);
  await Promise.resolve();
  expect(workers[0]!.asked).toEqual([]);
  workers[0]!.listens();
  await vi.waitFor(() => expect(workers[0]!.asked).toEqual([{ id: 1, kind: 'double', input: 2 }]));
  workers[0]!.onmessage({ data: { id: 1, output: 4 } });
  expect(await answer).toBe(4);
});

test('a question is rejected where the worker is stopped before it listens, and the next starts another', async () => {
  const { client, workers } = begun();
  const answer = client.ask('double', 2);
  client.stop('stopped');
  await expect(answer).rejects.toThrow('stopped');
  expect(workers[0]!.isEnded).toBe(true);
  workers[0]!.listens();
  const next = client.ask('double', 3);
  workers[1]!.listens();
  await vi.waitFor(() => expect(workers[1]!.asked).toEqual([{ id: 2, kind: 'double', input: 3 }]));
  expect(workers[0]!.asked).toEqual([]);
  workers[1]!.onmessage({ data: { id: 2, output: 6 } });
  expect(await next).toBe(6);
});

test('a worker that can not begin says why, and the next question starts another', async () => {
  const { client, workers } = begun();
  const answer = client.ask('double', 2);
  workers[0]!.onmessage({ data: { id: 0, error: { name: 'UnsupportedError', message: 'no vectors' } } });
  await expect(answer).rejects.toMatchObject({ name: 'UnsupportedError', message: 'no vectors' });
  client.ask('double', 3).catch(() => {});
  expect(workers).toHaveLength(2);
});

test('a question that takes too long ends the worker', async () => {
  const { client, workers } = begun();
  const answer = client.askWithin(5, 'too long', 'double', 2);
  workers[0]!.listens();
  await expect(answer).rejects.toThrow('too long');
  expect(workers[0]!.isEnded).toBe(true);
});
