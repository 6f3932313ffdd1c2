import type { Fault, History, Moment } from '../history/history.ts';
import { AGREED_MS, ATTACHED_AGAIN_MS, boundsOf, holdsOf, MARGIN_MS } from './bounds.ts';
import { gaps, merged, without, type Span } from './spans.ts';

/** When a user has to be seen online, and when offline; between the two either is right. */
export interface Truth {
  readonly online: readonly Span[];
  readonly offline: readonly Span[];
  /** From each hello that was answered to when the link's session may end: one state, one version. */
  readonly held: readonly Span[];
}

/** After the store lost its data whoever is connected is attached again; others are gone. */
const afterLoss = (span: Span, endedAt: Moment, { from, until }: Fault): Span[] => {
  const again = until + ATTACHED_AGAIN_MS;
  return without(span, { from, to: endedAt > again ? again : Infinity });
};

/** A node that does not reach the store loses its lease, and attaches its sessions again afterwards. */
const whileCutOff = ({ timing }: History, { from, until }: Fault) => ({
  unsure: {
    from: from + timing.nodeLeaseMs - timing.nodeRenewMs - MARGIN_MS,
    to: until + AGREED_MS,
  },
  gone: { from: from + timing.nodeLeaseMs + MARGIN_MS, to: until },
});

const truthOf = (history: History, user: number): Truth => {
  const must: Span[] = [];
  const may: Span[] = [];
  const held: Span[] = [];
  for (const hold of holdsOf(history.events[user]!)) {
    const { least, most } = boundsOf(hold, history);
    const cuts = history.faults
      .filter(({ kind, node }) => kind === 'cut-off' && node === hold.node)
      .map((fault) => whileCutOff(history, fault));
    may.push(
      ...outside(
        { from: hold.openedAt, to: most + MARGIN_MS },
        cuts.map(({ gone }) => gone),
      ),
    );
    if (hold.welcomedAt === null) continue;
    let spans = outside(
      { from: hold.openedAt, to: least },
      cuts.map(({ unsure }) => unsure),
    );
    for (const fault of history.faults) {
      if (fault.kind !== 'store-lost' || hold.openedAt > fault.until) continue;
      spans = spans.flatMap((span) => afterLoss(span, hold.ended?.at ?? Infinity, fault));
    }
    held.push(...spans);
    const hello = { from: -Infinity, to: hold.welcomedAt + MARGIN_MS };
    must.push(...spans.flatMap((span) => without(span, hello)));
  }
  return { online: merged(must), offline: gaps(merged(may)), held: merged(held) };
};

const outside = (span: Span, holes: readonly Span[]): Span[] =>
  holes.reduce<Span[]>((left, hole) => left.flatMap((each) => without(each, hole)), [span]);

/** By user, in order. */
export const truths = (history: History): readonly Truth[] =>
  history.events.map((_, user) => truthOf(history, user));
