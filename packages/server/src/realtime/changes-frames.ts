import type { Instant } from '@presence/core';
import { compactJson, type Entry } from './audience.ts';
import { framedRows } from './shared-frame.ts';
import type { SharedFrame } from './types.ts';

/** A frame of full rows and compact ones. */
export type ChangesFrames = (full: readonly Entry[], compact: readonly Entry[]) => SharedFrame;

/** Frames of one flush. Equal combinations of rows are serialised once, whoever gets them. */
export const createChangesFrames = (asOf: Instant): ChangesFrames => {
  const frames = new Map<string, SharedFrame>();
  const compact = new Map<Entry, string>();

  const short = (entry: Entry): string => {
    let json = compact.get(entry);
    if (json === undefined) {
      json = compactJson(entry);
      compact.set(entry, json);
    }
    return json;
  };

  const key = (full: readonly Entry[], rest: readonly Entry[]): string => {
    let text = '';
    for (const { place } of full) text += `${place},`;
    for (const { place } of rest) text += `c${place},`;
    return text;
  };

  return (full, rest) => {
    const name = key(full, rest);
    let frame = frames.get(name);
    if (!frame) {
      const rows = [...full.map(({ json }) => json), ...rest.map(short)];
      frame = framedRows('{"type":"changes","presences":[', rows, `],"asOf":${asOf}}`);
      frames.set(name, frame);
    }
    return frame;
  };
};
