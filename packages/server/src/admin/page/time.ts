import { TEXTS } from './texts.ts';

/** "12 s", "5 min", "3 h", "2 d". */
export const span = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
};

/** "just now", "12 s ago". */
export const ago = (ms: number): string =>
  ms < 1000 ? TEXTS.time.justNow : TEXTS.time.ago(span(ms));

/** "7 h 30 min", "12 min". */
export const hours = (ms: number): string => {
  const minutes = Math.round(ms / 60_000);
  const rest = minutes % 60;
  if (minutes < 60) return `${minutes} min`;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
};

const NUMBER = new Intl.NumberFormat('en');

/** "100,000". */
export const count = (value: number): string => NUMBER.format(value);
