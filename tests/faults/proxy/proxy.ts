import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Which connections a fault is for. */
type Which = 'all' | 'subscribers';

/** Between one node and a server: what it passes on can be held up, lost and broken. */
export interface Proxy {
  readonly port: number;
  /** Nothing gets through any more, either way, and nobody is told: a cable was pulled. */
  cut(which: Which): void;
  /** The same for connections that are there now; new ones are well. */
  deafen(which: Which): void;
  /** Everything arrives so much later, in its order. */
  slow(which: Which, delayMs: number): void;
  /** Both ends are told that the connection broke. */
  reset(which: Which): void;
  /** As if nothing had been. Connections that were cut are broken: what they lost is lost. */
  heal(): void;
  stop(): Promise<void>;
}

interface Pair {
  readonly sides: readonly [Socket, Socket];
  isSubscriber: boolean;
  isCut: boolean;
  delayMs: number;
}

/** As a command of its own: scripts that ask for rights name it as well. */
const SUBSCRIBES = /\*\d+\r\n\$\d+\r\nS?SUBSCRIBE\r\n/i;

const matches = (which: Which, pair: Pair): boolean => which === 'all' || pair.isSubscriber;

/** What is true of connections that are not there yet as well. */
interface Rule {
  readonly which: Which;
  readonly isCut: boolean;
  readonly delayMs: number;
}

const PASS: Rule = { which: 'all', isCut: false, delayMs: 0 };

const follow = (pair: Pair, rule: Rule): void => {
  if (!matches(rule.which, pair)) return;
  pair.isCut ||= rule.isCut;
  pair.delayMs = rule.delayMs;
};

/** Passes on what comes from one side, in its order, as the pair's rule is at that moment. */
const pass = (pair: Pair, from: Socket, to: Socket, look: (bytes: Buffer) => void): void => {
  const late: Buffer[] = [];
  const write = (bytes: Buffer): void => {
    if (!pair.isCut && !to.destroyed) to.write(bytes);
  };
  from.on('data', (bytes: Buffer) => {
    look(bytes);
    if (pair.isCut) return;
    if (pair.delayMs === 0 && late.length === 0) return write(bytes);
    late.push(bytes);
    // Whichever timer comes first writes what came first.
    setTimeout(() => write(late.shift()!), pair.delayMs);
  });
  from.on('error', () => undefined);
  // A cut connection's other end hears of nothing.
  from.on('close', () => pair.isCut || to.destroy());
};

export const startProxy = async (toPort: number): Promise<Proxy> => {
  const pairs = new Set<Pair>();
  let rule = PASS;

  const drop = (pair: Pair): void => {
    pairs.delete(pair);
    for (const side of pair.sides) side.resetAndDestroy();
  };

  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: toPort, host: '127.0.0.1', noDelay: true });
    const pair: Pair = { sides: [client, upstream], isSubscriber: false, isCut: false, delayMs: 0 };
    pairs.add(pair);
    follow(pair, rule);
    pass(pair, client, upstream, (bytes) => {
      if (pair.isSubscriber || !SUBSCRIBES.test(bytes.toString('latin1'))) return;
      pair.isSubscriber = true;
      follow(pair, rule);
    });
    pass(pair, upstream, client, () => undefined);
    for (const side of pair.sides) {
      side.on('close', () => {
        if (pair.sides.every(({ destroyed }) => destroyed)) pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const impose = (next: Rule): void => {
    rule = next;
    for (const pair of pairs) follow(pair, next);
  };

  return {
    port: (server.address() as AddressInfo).port,
    cut: (which) => impose({ which, isCut: true, delayMs: 0 }),
    deafen: (which) => {
      for (const pair of pairs) follow(pair, { which, isCut: true, delayMs: 0 });
    },
    slow: (which, delayMs) => impose({ which, isCut: false, delayMs }),
    reset: (which) => {
      for (const pair of pairs) if (matches(which, pair)) drop(pair);
    },
    heal: () => {
      impose(PASS);
      for (const pair of pairs) if (pair.isCut) drop(pair);
    },
    stop: async () => {
      for (const pair of pairs) drop(pair);
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
};
