import type { Subject } from '../suite/stage.ts';
import * as commits from './wrong-commits.ts';
import * as engines from './wrong-engines.ts';
import * as leases from './wrong-leases.ts';
import * as lists from './wrong-lists.ts';

/** A mistake that somebody could make, and what sees it. */
export interface Planted {
  readonly bug: string;
  readonly subject: Subject;
  /** The example that was written against it. Others may see it too. */
  readonly refusedBy: string;
  /** Whether random histories see it by themselves. */
  readonly inHistories: 'yes' | 'with stops' | 'no';
}

export const PLANTED: readonly Planted[] = [
  {
    bug: 'no validUntil in a write',
    subject: engines.noValidUntil,
    refusedBy: 'a commit delayed past the end of a lease does not undo what readers were shown',
    inHistories: 'yes',
  },
  {
    bug: 'validUntil is ignored by the store',
    subject: commits.validUntilIgnored,
    refusedBy: 'a write is refused at its validUntil, and leaves nothing behind',
    inHistories: 'yes',
  },
  {
    bug: 'only the first deadline in validUntil',
    subject: engines.firstDeadlineOnly,
    refusedBy: 'a commit delayed past the end of what it brings is refused',
    inHistories: 'yes',
  },
  {
    bug: 'validUntil forgets what the write brings',
    subject: engines.forgetsWhatItBrings,
    refusedBy: 'a commit delayed past the end of what it brings is refused',
    inHistories: 'yes',
  },
  {
    bug: 'validUntil forgets what the write ends',
    subject: engines.forgetsWhatItEnds,
    refusedBy: 'a commit delayed past the end of what it takes away is refused',
    inHistories: 'yes',
  },
  {
    bug: 'validUntil forgets the two seconds',
    subject: engines.forgetsToWait,
    refusedBy: 'a commit that waited for two seconds is refused',
    inHistories: 'no',
  },
  {
    bug: 'renew revives',
    subject: leases.renewRevives,
    refusedBy: 'a lease that ended is not revived, held or not, with create or without',
    inHistories: 'yes',
  },
  {
    bug: 'renew creates own leases',
    subject: leases.renewCreatesOwn,
    refusedBy: 'a renewal creates shared leases alone, and only when asked to',
    inHistories: 'yes',
  },
  {
    bug: 'renew ignores validUntil',
    subject: leases.renewIgnoresValidUntil,
    refusedBy: 'a renewal that comes too late renews nothing',
    inHistories: 'no',
  },
  {
    bug: 'renew ignores the revision of the record',
    subject: leases.renewIgnoresRevision,
    refusedBy: 'a renewal that names a revision renews nothing of a record with another',
    inHistories: 'no',
  },
  {
    bug: 'renew counts no holders',
    subject: leases.renewCountsNoHolders,
    refusedBy: 'a renewal says how many records hold a shared lease',
    inHistories: 'no',
  },
  {
    bug: 'own lease id without generation',
    subject: engines.ownLeaseWithoutGeneration,
    refusedBy: 'a late beat of a former connection renews nothing',
    inHistories: 'yes',
  },
  {
    bug: 'node lease id reused after a loss',
    subject: engines.nodeLeaseReused,
    refusedBy: 'a node that lost its lease takes another at once, and its users come back',
    inHistories: 'yes',
  },
  {
    bug: 'fence forgotten on reopen',
    subject: engines.fenceForgotten,
    refusedBy: 'a command of a former connection does nothing',
    inHistories: 'yes',
  },
  {
    bug: 'steps collapsed by the engine',
    subject: engines.stepsCollapsed,
    refusedBy: 'one commit tells every transition that it crossed',
    inHistories: 'yes',
  },
  {
    bug: 'steps collapsed by the store',
    subject: commits.messageWithLastStepOnly,
    refusedBy: 'each commit is told once, with all that it made true, and numbered without holes',
    inHistories: 'yes',
  },
  {
    bug: 'no overdue records',
    subject: lists.noOverdue,
    refusedBy: 'what the index cannot judge is given to settle, from the very millisecond on',
    inHistories: 'yes',
  },
  {
    bug: 'overdue counts solo records twice',
    subject: lists.overdueCountsSoloTwice,
    refusedBy: 'the users of a dead node count as offline, each once, before anybody reaps',
    inHistories: 'yes',
  },
  {
    bug: 'cursor by rank',
    subject: lists.cursorByRank,
    refusedBy: 'paging while people come and go skips nobody who stays and repeats nobody',
    inHistories: 'yes',
  },
  {
    bug: 'index diffed by the engine',
    subject: commits.indexDiffedByEngine,
    refusedBy:
      'an engine of another release leaves no entry behind in lists that this one does not know',
    inHistories: 'no',
  },
  {
    bug: "a node's clock used for at",
    subject: engines.nodeClockUsed,
    refusedBy: 'a node with a wrong clock takes nobody offline',
    inHistories: 'yes',
  },
  {
    bug: 'a shared lease removed before its holders',
    subject: leases.sharedRemovedBeforeHolders,
    refusedBy: 'an ended lease keeps its expiry readable as long as a record holds it',
    inHistories: 'yes',
  },
  {
    bug: 'expiry ignored',
    subject: leases.expiryIgnored,
    refusedBy: 'a lease ends at its instant, reaped or not',
    inHistories: 'yes',
  },
  {
    bug: 'deletes on read',
    subject: commits.deletesOnRead,
    refusedBy: 'reads write nothing',
    inHistories: 'yes',
  },
  {
    bug: 'counts connections',
    subject: lists.countsConnections,
    refusedBy: 'a user with many sessions is one user',
    inHistories: 'yes',
  },
  {
    bug: 'message before commit',
    subject: commits.messageBeforeCommit,
    refusedBy: 'a message comes after what it tells can be read',
    inHistories: 'yes',
  },
  {
    bug: 'message without sequence',
    subject: commits.messageWithoutSequence,
    refusedBy: 'each commit is told once, with all that it made true, and numbered without holes',
    inHistories: 'yes',
  },
  {
    bug: 'no amnesty',
    subject: leases.noAmnesty,
    refusedBy:
      'after a stop, leases that lived at the last pulse live on, for reads and reaping alike',
    inHistories: 'with stops',
  },
  {
    bug: 'amnesty for reads alone',
    subject: leases.amnestyOnlyForReads,
    refusedBy: 'after a stop, a renewal that comes before anything else finds its lease',
    inHistories: 'no',
  },
  {
    bug: 'the last write wins',
    subject: commits.lastWriteWins,
    refusedBy: 'a commit is compare-and-set by revision, and says what is there instead',
    inHistories: 'yes',
  },
  {
    bug: 'a shared lease held anew is not checked',
    subject: commits.sharedUnchecked,
    refusedBy: 'a shared lease held anew must live; one held already is not asked again',
    inHistories: 'yes',
  },
  {
    bug: 'a dead node stays online until it is reaped',
    subject: lists.deadNodesStayOnline,
    refusedBy: 'the users of a dead node count as offline, each once, before anybody reaps',
    inHistories: 'no',
  },
  {
    bug: 'lists of all tenants',
    subject: lists.listsOfAllTenants,
    refusedBy: 'whatever a neighbour does, a tenant sees the same, byte for byte',
    inHistories: 'yes',
  },
  {
    bug: 'spread ignored',
    subject: lists.spreadIgnored,
    refusedBy: 'reapers that ask with another spread meet other records',
    inHistories: 'no',
  },
  {
    bug: 'a transition versioned by who noticed it',
    subject: engines.versionedByWhoNoticed,
    refusedBy: 'reader and reaper give a transition one version, however late each is',
    inHistories: 'yes',
  },
];
