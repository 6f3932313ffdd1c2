import { isIP } from 'node:net';

const MAPPED = '::ffff:';

/** The eight groups of a valid IPv6 address without zone. */
const groupsOf = (address: string): string[] => {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  // A dotted end stands for two groups.
  const width = (groups: readonly string[]): number =>
    groups.length + (groups.at(-1)?.includes('.') ? 1 : 0);
  const zeros = tail === undefined ? 0 : 8 - width(before) - width(after);
  return [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
};

const dotted = (high: string, low: string): string => {
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return `${a >> 8}.${a & 255}.${b >> 8}.${b & 255}`;
};

/**
 * Whom a limit by address counts: an IPv4 address, also where it comes mapped into IPv6, and the
 * /64 of an IPv6 address, for that is what one customer gets. Sockets without an address count as
 * one client.
 *
 * @param address as a socket or {@link clientAddress} has it
 */
export const addressKey = (address: string): string => {
  if (!address.includes(':')) return address === '' ? 'unknown' : address;
  if (address.startsWith(MAPPED) && address.includes('.')) return address.slice(MAPPED.length);
  const zone = address.indexOf('%');
  const plain = (zone < 0 ? address : address.slice(0, zone)).toLowerCase();
  if (isIP(plain) !== 6) return 'unknown';
  const groups = groupsOf(plain).map((group) => group.replace(/^0+(?=.)/, ''));
  const last = groups.at(-1) ?? '0';
  const isMapped = groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff';
  if (isMapped) return last.includes('.') ? last : dotted(groups[6] ?? '0', last);
  return `${groups.slice(0, 4).join(':')}::/64`;
};

/**
 * The client's address: the socket's, or behind a trusted proxy the last hop of
 * `X-Forwarded-For`, which that proxy wrote; earlier hops are the client's own words.
 */
export const clientAddress = (
  socketAddress: string,
  forwardedFor: string | undefined,
  trustProxy: boolean,
): string => {
  if (!trustProxy || forwardedFor === undefined) return socketAddress;
  const hop = forwardedFor.slice(forwardedFor.lastIndexOf(',') + 1).trim();
  return isIP(hop) === 0 ? socketAddress : hop;
};
