// Has the browser keep the lab for when there is no network.

/**
 * Registers the service worker of a built page once the page has loaded, where the browser allows it: over https, or from this
 * machine. Where it does not, the page works without.
 */
export function keepOffline(): void {
  if (!import.meta.env.PROD || !isSecureContext) return;
  addEventListener('load', async () => {
    try {
      await navigator.serviceWorker.register('./sw.js', { updateViaCache: 'none' });
    } catch {
      // A browser that keeps nothing, in a private window perhaps, shows the page all the same.
    }
  });
}
