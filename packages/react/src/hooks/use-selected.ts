import { useState, useSyncExternalStore } from 'react';
import type { Cancel } from '@presence/core';
import { shallowEqual } from '../shallow-equal.ts';

/** One part of the client, as React reads it. */
export interface Source<Value> {
  readonly subscribe: (listener: () => void) => Cancel;
  readonly read: () => Value;
  /** Shown by the server, and by the browser until it has taken over the server's page. */
  readonly onServer: Value;
}

export const itself = <Value>(value: Value): Value => value;

/** Selects, and gives the previous result again while the new one is equal to it. */
const createSelection = <Value, Selected>(): ((
  value: Value,
  select: (value: Value) => Selected,
) => Selected) => {
  let last: { value: Value; select: (value: Value) => Selected; selected: Selected } | null = null;
  return (value, select) => {
    if (last && last.value === value && last.select === select) return last.selected;
    const next = select(value);
    const selected = last && shallowEqual(last.selected, next) ? last.selected : next;
    last = { value, select, selected };
    return selected;
  };
};

/** The one bridge from the client to React: renders again when what is selected has changed. */
export const useSelected = <Value, Selected>(
  source: Source<Value>,
  select: (value: Value) => Selected,
): Selected => {
  const [selection] = useState(() => createSelection<Value, Selected>());
  return useSyncExternalStore(
    source.subscribe,
    () => selection(source.read(), select),
    () => selection(source.onServer, select),
  );
};

/** The same object while its members stay the same: callers write arrays and objects inline. */
export const useUnchanged = <Value>(value: Value): Value => {
  const [selection] = useState(() => createSelection<Value, Value>());
  return selection(value, itself);
};
