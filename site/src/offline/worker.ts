// Keeps the lab for when there is no network: the service worker, which the build writes as sw.js.
//
// All files of a build are kept together, each held against its hash, before the first of them is used; a build that is not complete
// is dropped. A navigation gets the page of the newest build that is complete. The names of scripts carry hashes, so a page that is
// still open finds those of its own build and no others; those of the build before stay for it until the next. A page that holds all
// that it needs, as sandbox.html does, is of the newest build.

/** The files of the build: the path from sw.js, with the hash in the form of subresource integrity. The page is ''. */
declare const files: Readonly<Record<string, string>>;
/** The hash of all of them. */
declare const version: string;

// The library of types for workers can't be used beside that for pages.
interface ExtendableEvent extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Events {
  install: ExtendableEvent;
  activate: ExtendableEvent;
  fetch: FetchEvent;
}
interface WorkerScope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener<K extends keyof Events>(type: K, listener: (event: Events[K]) => void): void;
}
const worker = self as unknown as WorkerScope;

const { scope } = worker.registration;
/** Caches are the origin's, which may have other sites under other paths. */
const prefix = `handgrad-lab ${scope} `;
const kept = prefix + version;

worker.addEventListener('install', (event) => event.waitUntil(keep()));
worker.addEventListener('activate', (event) => event.waitUntil(takeOver()));
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const path = pathOf(request.url);
  if (request.method !== 'GET' || path === undefined) return;
  if (path === '' && request.mode === 'navigate') event.respondWith(visit(event));
  else if (path in files || path.startsWith('assets/')) event.respondWith(found(request, path));
});

/** The path of a file of the site; undefined elsewhere. */
function pathOf(address: string): string | undefined {
  const { origin, pathname } = new URL(address);
  const url = origin + pathname;
  return url.startsWith(scope) ? url.slice(scope.length).replace(/^index\.html$/, '') : undefined;
}

/** Fetches every file of the build, or none. */
async function keep(): Promise<void> {
  await caches.delete(kept);
  const cache = await caches.open(kept);
  try {
    await Promise.all(
      Object.entries(files).map(async ([path, integrity]) => {
        const lasting = path.startsWith('assets/');
        const request = new Request(scope + path, { integrity, cache: lasting ? 'default' : 'no-cache' });
        await cache.put(scope + path, await fetch(request));
      }),
    );
  } catch (error) {
    await caches.delete(kept);
    throw error;
  }
  await worker.skipWaiting();
}

/** Drops all builds but this one and the one before. */
async function takeOver(): Promise<void> {
  const names = await ownCaches();
  await Promise.all(names.slice(0, -2).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** The names of the caches of this site, the oldest first. */
async function ownCaches(): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(prefix));
}

/** The file of this build; else that of the build before, where its name carries its hash; else what the network has. */
async function found(request: Request, path: string): Promise<Response> {
  const options = path in files ? { cacheName: kept, ignoreVary: true } : { ignoreVary: true };
  return (await caches.match(scope + path, options)) ?? (await fetch(request));
}

/**
 * The page. At a port of this machine other programs may listen at other times, so that what listens there now goes first. Where
 * that is not this build, it is a newer one, which brings a worker of its own, or another program, for which this worker makes way.
 */
async function visit(event: FetchEvent): Promise<Response> {
  const { request } = event;
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(location.hostname)) return found(request, '');
  const live = await fetch(request).catch(() => undefined);
  const page = await found(request, '');
  if (live === undefined || (await live.clone().text()) === (await page.clone().text())) return page;
  event.waitUntil(worker.registration.update().catch(makeWay));
  return live;
}

async function makeWay(): Promise<void> {
  const names = await ownCaches();
  await Promise.all(names.map((name) => caches.delete(name)));
  await worker.registration.unregister();
}
