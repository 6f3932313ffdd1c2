/** What one look found. */
export interface Finding {
  readonly about: 'configuration' | 'store' | 'servers' | 'clock' | 'proxies';
  /** `warn`: it works, and could be better. `fail`: it does not, or not for long. `skipped`: not asked for. */
  readonly level: 'ok' | 'warn' | 'fail' | 'skipped';
  readonly saw: string;
  /** What to change. */
  readonly advice?: string;
}

/** In the words of a table: the level first, so that it can be searched for. */
export const linesOf = ({ about, level, saw, advice }: Finding): string[] => [
  `${level.padEnd(7)}  ${about.padEnd(13)}  ${saw}`,
  ...(advice === undefined ? [] : [`${' '.repeat(26)}${advice}`]),
];
