// Who knows of whom as online. Each row of each frame is read, whatever side sent it: `"user-7","status":"online"` in
// a full row, `"user-7","online"` in a compact one.

/** What every client was last told of every user. */
export interface Agreement {
  /** Reads the rows of a frame that a client got. */
  read(client: number, bytes: Uint8Array, start: number, end: number): void;
  /** Clients whose last word on each user whom they watch is `online`. */
  readonly agreeing: number;
  /** Rows that were read, of all clients. */
  readonly rows: number;
}

const [QUOTE, DASH, ZERO, COMMA] = [0x22, 0x2d, 0x30, 0x2c];
const [S, O, N, M, E, R] = [0x73, 0x6f, 0x6e, 0x6d, 0x65, 0x72];

/** By how much the search for `"user-` may go on behind a character that is not its last one. */
const SKIPS = new Uint8Array(256).fill(6);
Array.from('"user').forEach((character, index) => {
  SKIPS[character.charCodeAt(0)] = 5 - index;
});

/** `,"status":` or nothing stands between a user and the status. */
const STATUS_KEY = 9;

/** Frames about the client itself tell nothing of others: `{"type":"me"`. */
const isOwn = (bytes: Uint8Array, start: number): boolean =>
  bytes[start + 9] === M && bytes[start + 10] === E && bytes[start + 11] === QUOTE;

/**
 * @param first the number of the first user
 * @param wanted how many users a client watches
 */
export const createAgreement = (
  first: number,
  users: number,
  wanted: number,
  done: () => void,
): Agreement => {
  const online = new Uint8Array(users * users);
  const counts = new Uint32Array(users);
  let agreeing = 0;
  let rows = 0;

  const note = (client: number, number: number, isOnline: boolean): void => {
    rows += 1;
    const user = number - first;
    if (user < 0 || user >= users) return;
    const place = client * users + user;
    if ((online[place] === 1) === isOnline) return;
    online[place] = isOnline ? 1 : 0;
    const before = counts[client]!;
    counts[client] = isOnline ? before + 1 : before - 1;
    if (counts[client] === wanted) agreeing += 1;
    else if (before === wanted) agreeing -= 1;
    if (agreeing === users) done();
  };

  return {
    read: (client, bytes, start, end) => {
      if (isOwn(bytes, start)) return;
      let at = start + 5;
      while (at < end) {
        const code = bytes[at]!;
        if (code !== DASH || bytes[at - 1] !== R || bytes[at - 5] !== QUOTE) {
          at += code === DASH ? 1 : SKIPS[code]!;
          continue;
        }
        let user = 0;
        at += 1;
        for (; bytes[at] !== QUOTE && at < end; at += 1) user = user * 10 + bytes[at]! - ZERO;
        if (bytes[at + 1] !== COMMA) continue;
        const key = bytes[at + 3] === S ? STATUS_KEY : 0;
        const value = at + 3 + key;
        if (bytes[value] !== O) continue;
        note(client, user, bytes[value + 1] === N);
        at = value + 8;
      }
    },
    get agreeing() {
      return agreeing;
    },
    get rows() {
      return rows;
    },
  };
};
