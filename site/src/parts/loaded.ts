// What is said where a part of the lab can't be loaded: without a network, or because the host has another build by now.

/** A part of the lab that is missing. What ran in vain is told by its name, also from a worker. */
export class NotLoadedError extends Error {
  override readonly name = 'NotLoadedError';

  constructor(reason: string) {
    super(`A part of the lab could not be loaded (${reason}). What you have written stays.`);
  }
}

/** What `load` gives. Throws NotLoadedError. */
export async function loaded<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new NotLoadedError((error as Error).message);
  }
}
