/**
 * Ids as they stand in the text of a frame, between the quotes of a JSON array: printable ASCII
 * without escapes, so that the text is the id. When thousands come at once, each with hundreds of
 * ids that this node knows already, making a string of each would take most of the time.
 */
export interface WrittenIds {
  readonly text: string;
  readonly count: number;
  /** For each id where it starts, where it ends, and the hash of its characters. */
  readonly places: Int32Array;
}

interface Limits {
  readonly longest: number;
  readonly most: number;
}

const [QUOTE, BACKSLASH, COMMA, CLOSING] = [0x22, 0x5c, 0x2c, 0x5d];

/** Printable ASCII. */
const [FIRST, LAST] = [0x20, 0x7e];

/** `","` stands between two ids. */
const BETWEEN = 3;

/** FNV-1a, 32 bits. */
const [OFFSET_BASIS, PRIME] = [0x811c9dc5 | 0, 0x01000193];

/**
 * The ids of an array whose first quote is before `start`, and where the array ends; `null`:
 * something else stands there, or there are more or longer ones than the limits allow.
 */
export const writtenIdsAt = (
  text: string,
  start: number,
  { longest, most }: Limits,
): { readonly ids: WrittenIds; readonly end: number } | null => {
  let places = new Int32Array(3 * 256);
  let from = start;
  for (let count = 1; count <= most; count += 1) {
    let hash = OFFSET_BASIS;
    let at = from;
    let code = text.charCodeAt(at);
    while (code !== QUOTE) {
      // Also beyond the end of the text, where there is no number.
      if (code === BACKSLASH || !(code >= FIRST && code <= LAST)) return null;
      hash = Math.imul(hash ^ code, PRIME);
      at += 1;
      code = text.charCodeAt(at);
    }
    if (at === from || at - from > longest) return null;
    if (places.length < 3 * count) places = grown(places);
    const place = 3 * count - 3;
    places[place] = from;
    places[place + 1] = at;
    places[place + 2] = hash;
    const next = text.charCodeAt(at + 1);
    if (next === CLOSING) return { ids: { text, count, places }, end: at + 2 };
    if (next !== COMMA || text.charCodeAt(at + 2) !== QUOTE) return null;
    from = at + BETWEEN;
  }
  return null;
};

const grown = (places: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
  const larger = new Int32Array(2 * places.length);
  larger.set(places);
  return larger;
};

/** A string of its own, where a slice would keep the whole text. */
export const cutOut = (text: string, from: number, to: number): string =>
  JSON.parse(text.slice(from - 1, to + 1)) as string;

export const idsOf = ({ text, count, places }: WrittenIds): readonly string[] =>
  Array.from({ length: count }, (_, index) =>
    cutOut(text, places[3 * index]!, places[3 * index + 1]!),
  );
