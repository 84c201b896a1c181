// The room where the model is trained, in a worker, and looked into while it learns.

import { useEffect } from 'preact/hooks';
import { complaintOf } from '../lab/settings.js';
import { passes, type TrainNumbers, trainRanges } from '../lab/trainSettings.js';
import { AddressComplaints, any, type Member, oneOf } from '../parts/addressComplaints.js';
import { Controls } from './controls.js';
import { Inside } from './inside.js';
import { Kept } from './kept.js';
import { Loss } from './loss.js';
import { Names } from './names.js';
import { Offer } from './offer.js';
import { own } from './shelf.js';
import { Speeds } from './speeds.js';
import { follow, hasBegun, takeFile } from './store.js';
import './train.css';
import { Transport } from './transport.js';
import { Words } from './words.js';

export function Train() {
  useEffect(follow, []);
  useEffect(takeDrops, []);
  return (
    <div class="train">
      <h1>Train the model in this tab</h1>
      <p class="lead">
        A worker takes the notebook’s steps: a minibatch, the loss, its gradients by hand, the update. Watch what it
        learns, and look inside.
      </p>
      <AddressComplaints members={membersOf(hasBegun.value)} />
      <Offer />
      <div class="desk">
        <div class="side">
          <Transport />
          <Controls />
        </div>
        <div class="sheets">
          <Loss />
          <Names />
          <Inside />
        </div>
        <div class="sheets few">
          <Words />
          <Kept />
          <Speeds />
        </div>
      </div>
    </div>
  );
}

/** Takes files that are dropped anywhere; a browser would leave the page for them. Returns what ends that. */
function takeDrops(): () => void {
  const end = new AbortController();
  addEventListener('dragover', (event) => event.preventDefault(), end);
  addEventListener(
    'drop',
    (event) => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) void takeFile(file);
    },
    end,
  );
  return () => end.abort();
}

/** What this room's address may have. The fields say what is wrong with numbers until a training has begun, which they show then. */
function membersOf(hasBegun: boolean): Readonly<Record<string, Member>> {
  const names = Object.keys(trainRanges) as (keyof TrainNumbers)[];
  const numbers = names.map((name): [string, Member] => [
    name,
    hasBegun ? (value) => complaintOf(trainRanges[name], value) : any,
  ]);
  return { ...Object.fromEntries(numbers), backward: oneOf(passes), words: oneOf([own]) };
}
