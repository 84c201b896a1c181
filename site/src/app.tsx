// The frame around the rooms.

import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { address, formatAddress, type Room, rooms } from './address.js';
import { Later } from './parts/useLoaded.js';

const titles: Readonly<Record<Room, string>> = {
  understand: 'Understand',
  write: 'Write',
  train: 'Train',
  proof: 'Your own proof',
};

/** Each room is loaded when it is entered. */
const loaders: Readonly<Record<Room, () => Promise<ComponentType>>> = {
  understand: async () => (await import('./understand/room.js')).Understand,
  write: async () => (await import('./write/room.js')).Write,
  train: async () => (await import('./train/room.js')).Train,
  proof: async () => (await import('./proof/room.js')).OwnProof,
};

export function App() {
  const { room } = address.value;
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('main')!.focus()}>
        Skip to the room
      </button>
      <header class="top">
        <a class="brand" href="#/understand">
          handgrad lab
        </a>
        <nav aria-label="Rooms">
          {rooms.map((name) => (
            <a
              href={formatAddress({ room: name, query: {} })}
              aria-current={name === room ? 'page' : undefined}
              key={name}
            >
              {titles[name]}
            </a>
          ))}
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        <RoomOf name={room} key={room} />
      </main>
    </>
  );
}

function RoomOf({ name }: { name: Room }) {
  useEffect(() => {
    document.title = `${titles[name]} · handgrad lab`;
  }, [name]);
  return <Later load={loaders[name]} />;
}
