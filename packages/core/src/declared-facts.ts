import type { Command } from './commands.ts';
import type { PresenceRecord } from './record.ts';

/** What somebody declared, or an admin decided: it holds whether or not anybody is there. */
type Declared = Pick<PresenceRecord, 'claims' | 'visibility' | 'account' | 'signedOutAt'>;

/** Whether a command changed what is declared. What it left alone is the same object as before. */
export const isDeclaring = (before: Declared, after: Declared): boolean =>
  before.claims !== after.claims ||
  before.visibility !== after.visibility ||
  before.account !== after.account ||
  before.signedOutAt !== after.signedOutAt;

/** Whether anything is declared that somebody would miss were it lost. */
export const hasDeclared = ({ claims, visibility, account, signedOutAt }: Declared): boolean =>
  claims.length > 0 || visibility === 'hidden' || account !== 'active' || signedOutAt !== null;

const DECLARING: ReadonlySet<Command['type']> = new Set<Command['type']>([
  'claim',
  'release',
  'visibility',
  'account',
  'sign-out',
  'forget',
]);

/** Whether a command declares something, be it what was so already. */
export const declares = ({ type }: Command): boolean => DECLARING.has(type);
