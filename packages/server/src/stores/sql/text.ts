import { PresenceError } from '@presence/core';
import { decodeId, encodeId } from '../shared/ids.ts';

/** Ids as they stand in columns: in bytes whose order is that of their code units. */
export interface Texts {
  in(id: string): string;
  out(text: string): string;
}

/** @param longest what fits the columns of a key; `null`: anything */
export const createTexts = (longest: number | null): Texts => ({
  in: (id) => {
    const text = encodeId(id);
    if (text.includes('\0') || (longest !== null && text.length > longest)) {
      throw new PresenceError(
        'invalid_request',
        `[presence/sql] This database cannot hold the id ${JSON.stringify(id).slice(0, 80)}: ` +
          `it must be at most ${longest ?? 'any number of'} characters, of which those beyond U+D7FF take three each, without NUL.`,
      );
    }
    return text;
  },
  out: decodeId,
});
