// What of an address can't be taken: a room that there is not, members that the room does not know, values that they can't have.

import { address, rooms } from '../address.js';

/** Says what is wrong with a value of the member `name`; null where nothing is. */
export type Member = (value: string, name: string) => string | null;

/** A member of which something else says what is wrong. */
export const any: Member = () => null;

export const oneOf =
  (values: readonly string[]): Member =>
  (value, name) =>
    values.includes(value) ? null : complaint(name, listed(values), value);

/** A whole number from 0 that is below `count`. */
export const below =
  (count: number): Member =>
  (value, name) =>
    value.trim() !== '' && Number.isInteger(Number(value)) && Number(value) >= 0 && Number(value) < count
      ? null
      : complaint(name, `a whole number from 0 to ${count - 1}`, value);

const complaint = (name: string, expected: string, value: string) =>
  `${name}: expected ${expected}, got ${JSON.stringify(value.slice(0, 60))}`;

const listed = (values: readonly string[]) =>
  values.length < 2 ? values.join() : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;

/** What can't be taken in a room whose address has `members`. */
export function AddressComplaints({ members }: { members: Readonly<Record<string, Member>> }) {
  const { query, unknownRoom } = address.value;
  const ofRoom = unknownRoom === undefined ? [] : [complaint('room', listed(rooms), unknownRoom)];
  const ofMembers = Object.entries(query).map(([name, value]) =>
    Object.hasOwn(members, name)
      ? members[name]!(value, name)
      : complaint('address', listed(Object.keys(members)), name),
  );
  return (
    <>
      {[...ofRoom, ...ofMembers.filter((text) => text !== null)].map((text) => (
        <p class="complaint" role="alert" key={text}>
          {text}
        </p>
      ))}
    </>
  );
}
