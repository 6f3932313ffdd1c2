import type { Instant } from '@presence/core';
import { compactJson, type Entry } from './audience.ts';
import { FNV_BASIS, mixed } from './fnv.ts';
import { framedRows } from './shared-frame.ts';
import type { SharedFrame } from './types.ts';

/** A frame of full rows and compact ones. */
export type ChangesFrames = (full: readonly Entry[], compact: readonly Entry[]) => SharedFrame;

/** A frame, and the rows that it is made of. */
interface Made {
  readonly full: readonly Entry[];
  readonly compact: readonly Entry[];
  readonly frame: SharedFrame;
}

/** Equal rows have equal hashes, unequal ones are told apart by comparing. */
const hashOf = (full: readonly Entry[], compact: readonly Entry[]): number => {
  let hash = mixed(FNV_BASIS, full.length);
  for (const { place } of full) hash = mixed(hash, place);
  for (const { place } of compact) hash = mixed(hash, place);
  return hash;
};

const areSame = (some: readonly Entry[], others: readonly Entry[]): boolean =>
  some.length === others.length && some.every((entry, index) => entry === others[index]);

/** Frames of one flush. Equal combinations of rows are serialised once, whoever gets them. */
export const createChangesFrames = (asOf: Instant): ChangesFrames => {
  const byHash = new Map<number, Made[]>();
  const compactRows = new Map<Entry, string>();

  const compactRow = (entry: Entry): string => {
    let json = compactRows.get(entry);
    if (json === undefined) {
      json = compactJson(entry);
      compactRows.set(entry, json);
    }
    return json;
  };

  const make = (full: readonly Entry[], compact: readonly Entry[]): SharedFrame => {
    const rows = full.map(({ json }) => json);
    for (const entry of compact) rows.push(compactRow(entry));
    return framedRows('{"type":"changes","presences":[', rows, `],"asOf":${asOf}}`);
  };

  return (full, compact) => {
    const hash = hashOf(full, compact);
    const alike = byHash.get(hash);
    const known = alike?.find((made) => areSame(made.full, full) && areSame(made.compact, compact));
    if (known) return known.frame;
    const made = { full, compact, frame: make(full, compact) };
    if (alike) alike.push(made);
    else byHash.set(hash, [made]);
    return made.frame;
  };
};
