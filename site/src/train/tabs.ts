// Which tab a training is open in: a lock for each, which the browser takes back when the tab is gone.

/** Whether tabs can know of each other: pages without TLS have no locks. */
export const canTell = navigator.locks !== undefined;

const prefix = 'handgrad.training.';

/** Takes the training `id` for this tab, and gives what lets it go; null where another tab has it or nothing can be known. */
export function hold(id: string): Promise<(() => void) | null> {
  return new Promise((resolve) => {
    const request = navigator.locks?.request(prefix + id, { ifAvailable: true }, (lock) =>
      lock === null ? resolve(null) : new Promise<void>((release) => resolve(release)),
    );
    if (request === undefined) resolve(null);
    request?.catch(() => resolve(null));
  });
}

/** The trainings that tabs have open. */
export async function openTrainings(): Promise<ReadonlySet<string>> {
  const { held = [] } = (await navigator.locks?.query().catch(() => null)) ?? {};
  const names = held.map(({ name }) => name ?? '').filter((name) => name.startsWith(prefix));
  return new Set(names.map((name) => name.slice(prefix.length)));
}
