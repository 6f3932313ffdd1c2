import type { Subject } from '../suite/stage.ts';
import * as commits from './wrong-commits.ts';
import * as engines from './wrong-engines.ts';
import * as leases from './wrong-leases.ts';
import * as lists from './wrong-lists.ts';

/** A mistake that somebody could make, and the check that has to see it. */
export interface Planted {
  readonly bug: string;
  readonly subject: Subject;
}

const planted = (bug: string, subject: Subject): Planted => ({ bug, subject });

export const PLANTED: readonly Planted[] = [
  planted('no validUntil in a write', engines.noValidUntil),
  planted('validUntil is ignored by the store', commits.validUntilIgnored),
  planted('only the first deadline in validUntil', engines.firstDeadlineOnly),
  planted('validUntil forgets what the write brings', engines.forgetsWhatItBrings),
  planted('validUntil forgets what the write ends', engines.forgetsWhatItEnds),
  planted('validUntil forgets the two seconds', engines.forgetsToWait),
  planted('renew revives', leases.renewRevives),
  planted('renew creates own leases', leases.renewCreatesOwn),
  planted('renew ignores validUntil', leases.renewIgnoresValidUntil),
  planted('renew counts no holders', leases.renewCountsNoHolders),
  planted('own lease id without generation', engines.ownLeaseWithoutGeneration),
  planted('node lease id reused after a loss', engines.nodeLeaseReused),
  planted('fence forgotten on reopen', engines.fenceForgotten),
  planted('steps collapsed by the engine', engines.stepsCollapsed),
  planted('steps collapsed by the store', commits.messageWithLastStepOnly),
  planted('no overdue records', lists.noOverdue),
  planted('overdue counts solo records twice', lists.overdueCountsSoloTwice),
  planted('cursor by rank', lists.cursorByRank),
  planted('index diffed by the engine', commits.indexDiffedByEngine),
  planted("a node's clock used for at", engines.nodeClockUsed),
  planted('a shared lease removed before its holders', leases.sharedRemovedBeforeHolders),
  planted('expiry ignored', leases.expiryIgnored),
  planted('deletes on read', commits.deletesOnRead),
  planted('counts connections', lists.countsConnections),
  planted('message before commit', commits.messageBeforeCommit),
  planted('message without sequence', commits.messageWithoutSequence),
  planted('no amnesty', leases.noAmnesty),
  planted('amnesty for reads alone', leases.amnestyOnlyForReads),
  planted('the last write wins', commits.lastWriteWins),
  planted('a shared lease held anew is not checked', commits.sharedUnchecked),
  planted('a dead node stays online until it is reaped', lists.deadNodesStayOnline),
  planted('lists of all tenants', lists.listsOfAllTenants),
  planted('spread ignored', lists.spreadIgnored),
  planted('a transition versioned by who noticed it', engines.versionedByWhoNoticed),
];
