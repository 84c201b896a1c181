// A field for a number. What can't be taken stays in it, with what is wrong about it, until something else takes its place.

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { complaintOf, type Range, typed } from '../lab/settings.js';

interface Props {
  readonly range: Range;
  readonly value: number;
  /** What the address asks for. */
  readonly asked: string | undefined;
  /** The class of the label. */
  readonly kind?: string;
  readonly name?: string;
  readonly size?: number;
  readonly disabled?: boolean;
  readonly children: ComponentChildren;
  /** Called for what can be taken. */
  take(text: string): void;
}

export function NumberField({ range, value, asked, children, take, kind, disabled = false, ...input }: Props) {
  const refused = useSignal<string | null>(null);
  useEffect(() => {
    refused.value = null;
  }, [value, asked]);
  const given = disabled ? undefined : (refused.value ?? asked);
  const wrong = given === undefined ? null : complaintOf(range, given);
  return (
    <label class={kind}>
      <span>{children}</span>
      <input
        inputMode="decimal"
        {...input}
        value={wrong === null ? typed(value) : given}
        disabled={disabled}
        aria-invalid={wrong !== null}
        onChange={({ currentTarget: { value: text } }) => {
          const isRefused = complaintOf(range, text) !== null;
          refused.value = isRefused ? text : null;
          if (!isRefused) take(text);
        }}
      />
      {wrong && (
        <span class="complaint" role="alert">
          {wrong}
        </span>
      )}
    </label>
  );
}
