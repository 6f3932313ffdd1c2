import type { Entry } from './entry.ts';

/** Entries in order of user id, by UTF-16 code unit. */
export interface SortedEntries {
  readonly size: number;
  add(entry: Entry): void;
  remove(entry: Entry): void;
  /** Those behind `userId`, in order, one by one; not to be used over a change. */
  after(userId: string): () => Entry | undefined;
}

/** Small enough to insert into, large enough that a million entries are 4,000 pieces. */
const LONGEST_PIECE = 512;

/** The first index at which `isBehind` holds. */
const firstIndex = (length: number, isBehind: (index: number) => boolean): number => {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBehind(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
};

export const createSortedEntries = (): SortedEntries => {
  const pieces: Entry[][] = [];
  let size = 0;

  /** The piece in which `userId` stands or belongs. */
  const pieceOf = (userId: string): number =>
    Math.max(0, firstIndex(pieces.length, (index) => pieces[index]![0]!.key.userId > userId) - 1);

  const indexIn = (piece: readonly Entry[], userId: string): number =>
    firstIndex(piece.length, (index) => piece[index]!.key.userId >= userId);

  return {
    get size() {
      return size;
    },
    add: (entry) => {
      const { userId } = entry.key;
      const at = pieceOf(userId);
      const piece = pieces[at];
      size += 1;
      if (!piece) {
        pieces.push([entry]);
        return;
      }
      piece.splice(indexIn(piece, userId), 0, entry);
      if (piece.length > LONGEST_PIECE) pieces.splice(at + 1, 0, piece.splice(LONGEST_PIECE >> 1));
    },
    remove: (entry) => {
      const at = pieceOf(entry.key.userId);
      const piece = pieces[at];
      const index = piece ? indexIn(piece, entry.key.userId) : 0;
      if (piece?.[index] !== entry) return;
      size -= 1;
      piece.splice(index, 1);
      if (piece.length === 0) pieces.splice(at, 1);
    },
    after: (userId) => {
      let at = pieceOf(userId);
      let piece = pieces[at];
      let index = piece ? firstIndex(piece.length, (i) => piece![i]!.key.userId > userId) : 0;
      return () => {
        while (piece && index >= piece.length) {
          at += 1;
          piece = pieces[at];
          index = 0;
        }
        index += 1;
        return piece?.[index - 1];
      };
    },
  };
};
