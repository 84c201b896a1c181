// Notices that a run took the page with it: a browser that has no memory left ends a page without a word.

const key = 'handgrad.proof.running';

/** Says that a run goes on, or that none does. */
export function markRunning(isRunning: boolean): void {
  try {
    if (isRunning) sessionStorage.setItem(key, '1');
    else sessionStorage.removeItem(key);
  } catch {
    // Without storage nothing is noticed.
  }
}

/** Whether the page ended in the middle of a run, other than by being left. Asks once. */
export function hasCrashed(): boolean {
  try {
    const marked = sessionStorage.getItem(key) !== null;
    markRunning(false);
    return marked;
  } catch {
    return false;
  }
}

// A page that is left or reloaded is told; one that crashes is not.
addEventListener('pagehide', () => markRunning(false));
