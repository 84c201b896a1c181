// What is loaded when it is needed.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** What `load` gives, null until it is there. */
export function useLoaded<T>(load: () => Promise<T>): T | null {
  const loaded = useSignal<{ readonly value: T } | null>(null);
  useEffect(() => {
    load().then((value) => {
      loaded.value = { value };
    });
  }, []);
  return loaded.value?.value ?? null;
}
