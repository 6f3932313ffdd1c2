// What the machine below a virtual one does meanwhile.
import { existsSync, readFileSync } from 'node:fs';

const STAT = '/proc/stat';
/** `cpu user nice system idle iowait irq softirq steal …`: time of all CPUs together, in ticks of 10 ms. */
const STEAL = 8;

/**
 * So many ticks of 10 ms the CPUs of this machine had work for and were given to others by the machine below; 0 where nobody
 * counts them.
 *
 * @see https://docs.kernel.org/filesystems/proc.html#miscellaneous-kernel-statistics-in-proc-stat
 */
export const stolenTicks = (): number =>
  existsSync(STAT)
    ? Number(readFileSync(STAT, 'utf8').split('\n')[0]!.trim().split(/\s+/)[STEAL] ?? 0)
    : 0;
