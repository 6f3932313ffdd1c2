import { describe, expect, it } from 'vitest';
import { emptyHistory, type History, type Told } from '../history/history.ts';
import { check } from './check.ts';

// A checker that cannot fail proves nothing: each history is right but for what is planted in it.

const timing = {
  leaseMs: 120_000,
  nodeLeaseMs: 30_000,
  nodeRenewMs: 5000,
  lostMs: 15_000,
  closedMs: 5000,
  drainMs: 60_000,
  pingMs: 25_000,
  pongTimeoutMs: 20_000,
};
const BORN = 1_000_000;
const USERS = 3;

type Row = Omit<Told, 'via'> & Partial<Pick<Told, 'via'>>;

/** Three users are welcomed on `a` a second after the start; a watcher on `b` is told so. */
const begin = (): History & { tell(...rows: Row[]): void } => {
  const history = emptyHistory(USERS, timing, BORN);
  history.endedAt = BORN + 200_000;
  for (const events of history.events) {
    events.push({ kind: 'opening', at: BORN + 990, node: 'a' });
    events.push({ kind: 'welcomed', at: BORN + 1000, node: 'a' });
  }
  const watching = {
    watcher: 9,
    node: 'b',
    from: BORN + 1500,
    until: Infinity,
    told: [] as Told[],
  };
  history.watchings.push(watching);
  const tell = (...rows: Row[]): void => {
    watching.told.push(...rows.map((row): Told => ({ via: 'changes', ...row })));
  };
  for (let user = 0; user < USERS; user += 1) {
    tell({ at: BORN + 1500, user, status: 'online', version: BORN + 1000, via: 'snapshot' });
  }
  return Object.assign(history, { tell });
};

const read = (history: History, afterMs: number, status: 'online' | 'offline', version: number) =>
  history.reads.push({
    node: 'b',
    askedAt: BORN + afterMs,
    answeredAt: BORN + afterMs + 5,
    rows: [{ user: 0, status, version, content: status }],
  });

const lose = (history: History, afterMs: number, user = 0): void =>
  void history.events[user]!.push({ kind: 'ended', how: 'lost', at: BORN + afterMs, node: 'a' });

const kill = (history: History, afterMs: number): void => {
  history.deaths.push({ node: 'a', at: BORN + afterMs, how: 'killed' });
  for (let user = 0; user < USERS; user += 1) lose(history, afterMs, user);
};

const properties = (history: History): string[] => [
  ...new Set(check(history).map(({ property }) => property)),
];

const OFFLINE = 'offline';
const ONLINE = 'online';

describe('the check of a recorded history', () => {
  it('finds nothing where all is well', () => {
    const history = begin();
    lose(history, 10_000);
    history.tell({ at: BORN + 25_400, user: 0, status: OFFLINE, version: BORN + 25_300 });
    read(history, 5000, ONLINE, BORN + 1000);
    read(history, 40_000, OFFLINE, BORN + 25_300);
    history.counts.push({ node: 'b', askedAt: BORN + 5000, answeredAt: BORN + 5010, count: 3 });
    history.counts.push({ node: 'b', askedAt: BORN + 50_000, answeredAt: BORN + 50_010, count: 2 });
    expect(check(history)).toEqual([]);
  });

  it('finds nothing where a node died, its users went with its lease, and one came back in time', () => {
    const history = begin();
    kill(history, 10_000);
    history.events[2]!.push({ kind: 'opening', at: BORN + 12_000, node: 'b' });
    history.events[2]!.push({ kind: 'welcomed', at: BORN + 12_100, node: 'b' });
    for (const user of [0, 1]) {
      history.tell({ at: BORN + 38_500, user, status: OFFLINE, version: BORN + 38_000 });
    }
    expect(check(history)).toEqual([]);
  });

  const planted: readonly (readonly [
    string,
    string,
    (history: ReturnType<typeof begin>) => void,
  ])[] = [
    [
      'S1',
      'a read shows somebody online who is gone',
      (history) => {
        lose(history, 10_000);
        history.tell({ at: BORN + 25_400, user: 0, status: OFFLINE, version: BORN + 25_300 });
        read(history, 27_000, ONLINE, BORN + 25_300 + 1);
      },
    ],
    [
      'S1',
      'a count is too high',
      (history) => {
        history.counts.push({ node: 'b', askedAt: BORN + 5000, answeredAt: BORN + 5010, count: 4 });
      },
    ],
    [
      'S2',
      'a count is too low',
      (history) => {
        history.counts.push({ node: 'b', askedAt: BORN + 5000, answeredAt: BORN + 5010, count: 2 });
      },
    ],
    [
      'S2',
      'a read shows somebody offline who is connected',
      (history) => {
        read(history, 5000, OFFLINE, BORN + 4000);
      },
    ],
    [
      'S2',
      'a watcher is told for a moment that somebody connected is offline',
      (history) => {
        history.tell(
          { at: BORN + 5000, user: 0, status: OFFLINE, version: BORN + 4999 },
          { at: BORN + 5010, user: 0, status: ONLINE, version: BORN + 5005 },
        );
      },
    ],
    [
      'S2',
      'users of a killed node go before its lease',
      (history) => {
        kill(history, 10_000);
        for (const user of [0, 1, 2]) {
          history.tell({ at: BORN + 20_000, user, status: OFFLINE, version: BORN + 19_900 });
        }
      },
    ],
    [
      'S2',
      'a stopped store takes somebody offline',
      (history) => {
        history.faults.push({ kind: 'store-away', from: BORN + 10_000, until: BORN + 50_000 });
        history.tell({ at: BORN + 51_000, user: 0, status: OFFLINE, version: BORN + 50_500 });
        history.tell({ at: BORN + 52_000, user: 0, status: ONLINE, version: BORN + 51_900 });
      },
    ],
    [
      'L1',
      'a watcher is never told that somebody is gone',
      (history) => {
        lose(history, 10_000);
      },
    ],
    [
      'L1',
      'a watcher is told too late',
      (history) => {
        lose(history, 10_000);
        history.tell({ at: BORN + 29_000, user: 0, status: OFFLINE, version: BORN + 25_300 });
      },
    ],
    [
      'L1',
      'a ghost of a killed node stays',
      (history) => {
        kill(history, 10_000);
        for (const user of [0, 1]) {
          history.tell({ at: BORN + 40_500, user, status: OFFLINE, version: BORN + 40_000 });
        }
      },
    ],
    [
      'L4',
      'after lost messages a watcher never hears of somebody who came',
      (history) => {
        lose(history, 10_000);
        history.tell({ at: BORN + 25_400, user: 0, status: OFFLINE, version: BORN + 25_300 });
        history.faults.push({ kind: 'messages', from: BORN + 50_000, until: BORN + 60_000 });
        history.events[0]!.push({ kind: 'opening', at: BORN + 55_000, node: 'a' });
        history.events[0]!.push({ kind: 'welcomed', at: BORN + 55_010, node: 'a' });
        history.tell({ at: BORN + 77_000, user: 0, status: ONLINE, version: BORN + 55_005 });
      },
    ],
    [
      'S2',
      'L5: after the store lost its data somebody is not online again in time',
      (history) => {
        history.faults.push({ kind: 'store-lost', from: BORN + 10_000, until: BORN + 12_000 });
        read(history, 33_000, OFFLINE, 0);
      },
    ],
    [
      'S3',
      'one departure has two versions',
      (history) => {
        lose(history, 10_000);
        history.tell({ at: BORN + 25_400, user: 0, status: OFFLINE, version: BORN + 25_300 });
        read(history, 25_600, OFFLINE, BORN + 25_301);
      },
    ],
    [
      'S3',
      'a version without anything that happened',
      (history) => {
        history.tell({ at: BORN + 5000, user: 0, status: ONLINE, version: BORN + 4000 });
      },
    ],
    [
      'S4',
      'one version says two things',
      (history) => {
        lose(history, 10_000);
        history.tell({ at: BORN + 25_400, user: 0, status: OFFLINE, version: BORN + 25_300 });
        read(history, 1600, OFFLINE, BORN + 1000);
      },
    ],
    [
      'S4',
      'one version has two contents',
      (history) => {
        read(history, 5000, ONLINE, BORN + 1000);
        history.reads.push({
          ...history.reads[0]!,
          rows: [{ user: 0, status: ONLINE, version: BORN + 1000, content: 'something else' }],
        });
      },
    ],
    [
      'S4',
      'a read goes back',
      (history) => {
        lose(history, 10_000);
        history.tell({ at: BORN + 25_100, user: 0, status: OFFLINE, version: BORN + 25_000 });
        read(history, 25_300, ONLINE, BORN + 1000);
      },
    ],
    [
      'S5',
      'a watcher is told something older',
      (history) => {
        lose(history, 10_000);
        history.tell(
          { at: BORN + 25_100, user: 0, status: OFFLINE, version: BORN + 25_000 },
          { at: BORN + 25_110, user: 0, status: ONLINE, version: BORN + 1000 },
          { at: BORN + 25_120, user: 0, status: OFFLINE, version: BORN + 25_000, via: 'snapshot' },
        );
      },
    ],
    [
      'S6',
      'a watcher is told twice',
      (history) => {
        history.tell({ at: BORN + 5000, user: 0, status: ONLINE, version: BORN + 1000 });
      },
    ],
    [
      'S12',
      'what had to be refused was taken',
      (history) => {
        history.attempts.push({ what: 'a late beat', at: BORN, wanted: '409', got: '200' });
      },
    ],
  ];

  it.each(planted)('%s: sees that %s', (property, _what, plant) => {
    const history = begin();
    plant(history);
    expect(properties(history)).toContain(property);
  });
});

describe('what a fault excuses', () => {
  it('lets news be late while messages are lost, and no longer than L4 says', () => {
    const history = begin();
    lose(history, 10_000);
    history.faults.push({ kind: 'messages', from: BORN + 9000, until: BORN + 26_000 });
    history.tell({ at: BORN + 41_000, user: 0, status: OFFLINE, version: BORN + 25_300 });
    expect(check(history)).toEqual([]);
    history.watchings[0]!.told.pop();
    history.tell({ at: BORN + 43_000, user: 0, status: OFFLINE, version: BORN + 25_300 });
    expect(properties(history)).toEqual(['L1']);
  });

  it('lets news be late by as much as one process stood still, whatever the others did', () => {
    const history = begin();
    lose(history, 10_000);
    history.tell({ at: BORN + 29_000, user: 0, status: OFFLINE, version: BORN + 25_300 });
    for (const who of ['test', 'a', 'b']) {
      history.lags.push({ who, at: BORN + 27_000, ms: 1500 });
    }
    expect(properties(history)).toEqual(['L1']);
    history.lags.push({ who: 'b', at: BORN + 28_000, ms: 500 });
    expect(check(history)).toEqual([]);
  });

  it('lets watchers be late before all were there, but tells of everybody who is shown gone', () => {
    const history = begin();
    history.calmAt = BORN + 40_000;
    lose(history, 10_000);
    history.tell({ at: BORN + 39_000, user: 0, status: OFFLINE, version: BORN + 25_300 });
    expect(check(history)).toEqual([]);
    history.tell({ at: BORN + 39_000, user: 1, status: OFFLINE, version: BORN + 38_900 });
    history.tell({ at: BORN + 39_500, user: 1, status: ONLINE, version: BORN + 39_400 });
    expect(properties(history)).toContain('S2');
  });

  it('lets whoever left before the store stood still stay until the amnesty is over', () => {
    const history = begin();
    kill(history, 10_000);
    history.faults.push({ kind: 'store-away', from: BORN + 12_000, until: BORN + 52_000 });
    for (const user of [0, 1, 2]) {
      history.tell({ at: BORN + 82_500, user, status: OFFLINE, version: BORN + 82_000 });
    }
    expect(check(history)).toEqual([]);
  });

  it('S2: but not for less than the amnesty', () => {
    const history = begin();
    kill(history, 10_000);
    history.faults.push({ kind: 'store-away', from: BORN + 12_000, until: BORN + 52_000 });
    for (const user of [0, 1, 2]) {
      history.tell({ at: BORN + 60_500, user, status: OFFLINE, version: BORN + 60_000 });
    }
    expect(properties(history)).toEqual(['S2']);
  });

  it('S2: keeps a user by HTTP for the lease, and no longer', () => {
    const history = begin();
    history.events[0]!.push({
      kind: 'ended',
      how: 'beats-ended',
      at: BORN + 10_000,
      node: 'http',
    });
    history.tell({ at: BORN + 130_400, user: 0, status: OFFLINE, version: BORN + 130_000 });
    expect(check(history)).toEqual([]);
    history.watchings[0]!.told.pop();
    history.tell({ at: BORN + 129_000, user: 0, status: OFFLINE, version: BORN + 128_000 });
    expect(properties(history)).toEqual(['S2']);
    history.watchings[0]!.told.pop();
    expect(properties(history)).toEqual(['L1']);
  });

  it('lets users of a node that was cut off be gone from its lease on until they are back', () => {
    const history = begin();
    history.faults.push({ kind: 'cut-off', node: 'a', from: BORN + 10_000, until: BORN + 50_000 });
    for (const user of [0, 1, 2]) {
      history.tell(
        { at: BORN + 38_500, user, status: OFFLINE, version: BORN + 38_000 },
        { at: BORN + 52_000, user, status: ONLINE, version: BORN + 51_900 },
      );
    }
    expect(check(history)).toEqual([]);
  });
});
