import { NOT_JOINED, type Watch } from '../audience.ts';
import type { Link } from '../link.ts';
import type { Outbox } from '../outbox.ts';
import type { SharedFrame } from '../types.ts';

/** A row that changed, and the place of the change in the room's own count. */
export interface Changed {
  readonly seq: number;
  readonly json: string;
}

/** Whoever watches one room, and up to which change each was told of it. */
export interface Watchers {
  add(watch: Watch): void;
  remove(watch: Watch): void;
  /** Its snapshot reaches up to this change. */
  joined(watch: Watch, seq: number): void;
  /** Those who have their snapshot. */
  all(): readonly Watch[];
  hasJoined(watch: Watch): boolean;
  /** Tells each what it has not been told yet, in as few different frames as can be. */
  tell(changed: readonly Changed[], frameOf: (rows: readonly Changed[]) => SharedFrame): void;
  readonly size: number;
}

export const createWatchers = (outbox: Outbox): Watchers => {
  const seqs = new Map<Watch, number>();

  return {
    add: (watch) => void seqs.set(watch, NOT_JOINED),
    remove: (watch) => void seqs.delete(watch),
    joined: (watch, seq) => {
      if (seqs.has(watch)) seqs.set(watch, seq);
    },
    all: () => [...seqs].filter(([, seq]) => seq !== NOT_JOINED).map(([watch]) => watch),
    hasJoined: (watch) => (seqs.get(watch) ?? NOT_JOINED) !== NOT_JOINED,
    tell: (changed, frameOf) => {
      const first = changed[0]?.seq ?? 0;
      const last = changed.at(-1)?.seq ?? 0;
      /** By the last change that they were told of: who joined before all of this gets one frame. */
      const bySeq = new Map<number, Link[]>();
      for (const [{ link }, seq] of seqs) {
        if (seq === NOT_JOINED || seq >= last) continue;
        const told = Math.max(seq, first - 1);
        const links = bySeq.get(told);
        if (links) links.push(link);
        else bySeq.set(told, [link]);
      }
      for (const [told, links] of bySeq) {
        const rows = told < first ? changed : changed.filter(({ seq }) => seq > told);
        outbox.rowsToAll(links, frameOf(rows), null);
      }
    },
    get size() {
      return seqs.size;
    },
  };
};
