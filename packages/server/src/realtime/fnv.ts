/** FNV-1a, 32 bits: what a hash begins with. */
export const FNV_BASIS = 0x811c9dc5 | 0;

const PRIME = 0x01000193;

/** The hash with one more value in it. */
export const mixed = (hash: number, value: number): number => Math.imul(hash ^ value, PRIME);
