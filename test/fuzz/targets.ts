// The targets by name. Each is loaded when it is wanted.

import type { Target } from './harness.js';

const targets: Readonly<Record<string, () => Promise<Target>>> = {
  arguments: async () => (await import('./arguments.js')).argumentsTarget,
  programs: async () => (await import('./programs.js')).programsTarget,
  graphs: async () => (await import('./graphs.js')).graphsTarget,
  safetensors: async () => (await import('./safetensors.js')).safetensorsTarget,
  checkpoints: async () => (await import('./checkpoints.js')).checkpointsTarget,
  cells: async () => (await import('./cells.js')).cellsTarget,
  words: async () => (await import('./words.js')).wordsTarget,
  commands: async () => (await import('./commands.js')).commandsTarget,
  kills: async () => (await import('./kills.js')).killsTarget,
  servers: async () => (await import('./servers.js')).serversTarget,
};

export const names: readonly string[] = Object.keys(targets);

export async function targetOf(name: string): Promise<Target> {
  const load = targets[name];
  if (load === undefined) throw new RangeError(`target: expected ${names.join(', ')}, got ${name}`);
  return load();
}
