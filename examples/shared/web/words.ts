import type { ShownStatus } from '@presence/client';
import type { Step } from '@presence/core';

export const STATUS_WORDS: Readonly<Record<ShownStatus, string>> = {
  online: 'Online',
  away: 'Away',
  busy: 'Busy',
  dnd: 'Do not disturb',
  offline: 'Offline',
  unknown: 'Unknown',
};

const CAUSE_WORDS: Readonly<Record<Step['cause'], string>> = {
  opened: 'opened the page',
  touched: 'was seen by the server',
  activity: 'was active again',
  'idle-too-long': 'no input for too long',
  'lease-ended': 'the connection was not heard of again',
  'link-lost': 'the connection broke',
  'page-closed': 'closed the page',
  'signed-out': 'signed out',
  replaced: 'a newer session took its place',
  claimed: 'a status was set',
  released: 'a status was cleared',
  'claim-ended': 'a status ended by itself',
  hidden: 'became invisible',
  visible: 'became visible',
  account: 'the account changed',
};

/** Causes that are the end of a session; whoever is still there has another one. */
const ENDS: readonly Step['cause'][] = ['lease-ended', 'link-lost', 'page-closed', 'signed-out'];

/** Why it became so, as somebody would say it. */
export const causeOf = ({ cause, status }: Pick<Step, 'cause' | 'status'>): string => {
  if (status === 'offline') return CAUSE_WORDS[cause];
  if (ENDS.includes(cause)) return 'one of several sessions ended';
  if (status === 'online') return CAUSE_WORDS[cause];
  if (cause === 'activity' && status === 'away') return 'no input for a while';
  if (cause === 'opened' || cause === 'touched') {
    return status === 'away' ? 'connected, without any input' : 'connected, with a status set';
  }
  return CAUSE_WORDS[cause];
};

/** The same of what is still to come. */
export const NEXT_WORDS: Readonly<Partial<Record<string, string>>> = {
  'claim-ended': 'when this status ends',
  'idle-too-long': 'unless there is input',
  'page-closed': 'unless the page comes back',
};

/** "0:42", "12:05", "1:02:05". */
export const countdown = (ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
};

/** "12 s", "5 min", "3 h", "2 d". */
export const span = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
};

/** "just now", "12 s ago". */
export const ago = (ms: number): string => (ms < 1000 ? 'just now' : `${span(ms)} ago`);

const TIME = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' });

/** "14:03:22". */
export const timeOf = (at: number): string => TIME.format(at);
