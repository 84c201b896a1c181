// The state of the page that a link carries, behind the address's #: the room, and what is chosen in it.

import { effect, signal } from '@preact/signals';

export const rooms = ['understand', 'write', 'train', 'proof'] as const;
export type Room = (typeof rooms)[number];

export interface Address {
  readonly room: Room;
  readonly query: Readonly<Record<string, string>>;
  /** What stood in the place of the room, where there is no such room. */
  readonly unknownRoom?: string;
}

/** The address that `hash` is: `#/room?name=value`. What is no room is the first. */
function parseAddress(hash: string): Address {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const query = Object.fromEntries(new URLSearchParams(search));
  const room = rooms.find((name) => name === path);
  if (room !== undefined || path === '') return { room: room ?? rooms[0], query };
  return { room: rooms[0], query, unknownRoom: path };
}

export function formatAddress({ room, query }: Address): string {
  const search = new URLSearchParams(Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1))).toString();
  return `#/${room}${search === '' ? '' : `?${search}`}`;
}

/** Where the page is. Changing it changes the address. */
export const address = signal<Address>(parseAddress(location.hash));

/** Changes members of the query; one that is undefined goes. `push` makes a step of the history. */
export function change(
  members: Readonly<Record<string, string | undefined>>,
  how: 'push' | 'replace' = 'replace',
): void {
  const query = { ...address.value.query, ...members };
  const kept = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const next = { room: address.value.room, query: Object.fromEntries(kept) };
  if (formatAddress(next) === formatAddress(address.value)) return;
  if (how === 'push') history.pushState(null, '', formatAddress(next));
  address.value = next;
}

addEventListener('hashchange', followHash);
addEventListener('popstate', followHash);

function followHash(): void {
  address.value = parseAddress(location.hash);
}

effect(() => {
  const hash = formatAddress(address.value);
  if (hash !== location.hash && location.hash !== '') history.replaceState(null, '', hash);
  else if (location.hash === '' && hash !== '#/understand') history.replaceState(null, '', hash);
});
