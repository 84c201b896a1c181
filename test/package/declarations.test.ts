// What a reference makes of names that a user can't import.

import { expect, test } from 'vitest';
import { declarationOf, type Source, spelledOut } from '../../scripts/declarations.js';

/** The declaration of `Shown`, the one public name of `room/shown`, spelled out. */
function shown(text: string, files: Readonly<Record<string, string>> = {}): string {
  const all: Readonly<Record<string, string>> = { 'room/shown': text, ...files };
  const source: Source = { read: (file) => all[file]!, isPublic: ({ name }) => name === 'Shown' };
  return spelledOut(declarationOf('Shown', 'room/shown', source)!, source);
}

test('inherited members come first, those of the base of a base too, but for what is overridden', () => {
  const base = `import { Ground } from '../ground.js';
export declare class Base extends Ground {
    #private;
    /** Of Base. */
    get size(): number;
    close(): void;
}
`;
  const ground =
    'export declare abstract class Ground {\n    /** Of Ground. */\n    readonly id: number;\n    close(): number;\n}\n';
  const text = `import { type Base } from './base.js';
export declare class Shown extends Base implements Iterable<number> {
    /** Its own. */
    close(): void;
}
`;
  expect(shown(text, { 'room/base': base, ground })).toBe(`class Shown implements Iterable<number> {
    /** Of Ground. */
    readonly id: number;
    /** Of Base. */
    get size(): number;
    /** Its own. */
    close(): void;
}`);
});

test('a base has its arguments; a type that is an interface, and nothing else, is one itself', () => {
  const list =
    'export interface List<T extends object, U> {\n    /** T */\n    readonly T: T[];\n    readonly u: U;\n}\n';
  const text = `import type { List } from '../list.js';
type Inside = 'a' | 'b';
export type Shown = List<Date, Inside>;
`;
  expect(shown(text, { list })).toBe(`interface Shown {
    /** T */
    readonly T: Date[];
    readonly u: 'a' | 'b';
}`);
  const plain = 'interface Part {\n    a: number;\n}\n';
  expect(shown(`${plain}export type Shown = Part;\n`)).toBe('interface Shown {\n    a: number;\n}');
  expect(shown(`${plain}export type Shown = Part | null;\n`)).toBe('type Shown = {\n    a: number;\n} | null;');
});

test('types, lists of names and symbols stand in the place of their names, not in comments, strings and names of members', () => {
  const text = `declare const table: {
    readonly one: readonly ['x'];
    readonly two: {
        three: number;
    };
};
declare const dispose: typeof Symbol.dispose;
type Inside = keyof typeof table | (() => void);
interface Part {
    /** Inside. */
    a: number;
}
export interface Shown {
    /** Inside's. */
    Inside: Inside;
    list: Inside[];
    text: 'Inside';
    part?: Part;
    [dispose](): void;
}
`;
  expect(shown(text)).toBe(`interface Shown {
    /** Inside's. */
    Inside: 'one' | 'two' | (() => void);
    list: ('one' | 'two' | (() => void))[];
    text: 'Inside';
    part?: {
        /** Inside. */
        a: number;
    };
    [Symbol.dispose](): void;
}`);
});

test('what can not be spelled out stays, to be found', () => {
  const text = 'declare class Inside {\n}\nexport interface Shown {\n    a: Inside;\n}\n';
  expect(shown(text)).toBe('interface Shown {\n    a: Inside;\n}');
});
