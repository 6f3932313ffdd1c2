/** A frame as it came: the server may be newer than this file. */
export type Fields = Readonly<Record<string, unknown>>;

/** What of a frame may be shown. What is not named here, texts and tokens above all, stays out. */
const SHOWN = [
  'id',
  'watch',
  'room',
  'tenant',
  'state',
  'status',
  'visibility',
  'idleMs',
  'forMs',
  'afterMs',
  'code',
  'protocol',
  'more',
  'ref',
];
const COUNTED = ['add', 'remove', 'claims', 'members', 'users'];
/** So many rows are shown one by one. */
const FEW = 3;

const isPlain = (value: unknown): value is string | number | boolean | null =>
  value === null || /^(string|number|boolean)$/.test(typeof value);
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const rowsOf = (presences: readonly unknown[]): string => {
  if (presences.length > FEW) return `${presences.length} users`;
  return presences
    .filter(Array.isArray)
    .map(([userId, status]: unknown[]) => `${String(userId)} ${String(status)}`)
    .join(', ');
};

/** One line about a frame, without its type. */
export const describeFrame = (frame: Fields): string => {
  const parts = SHOWN.flatMap((name) => {
    const value = frame[name];
    return isPlain(value) ? [`${name} ${value}`] : [];
  });
  for (const name of COUNTED) {
    const value = frame[name];
    if (Array.isArray(value)) parts.push(`${name} ${value.length}`);
  }
  const { presences, presence } = frame;
  if (Array.isArray(presences)) parts.push(rowsOf(presences));
  if (isFields(presence)) parts.push(`${String(presence['userId'])} ${String(presence['status'])}`);
  return parts.filter(Boolean).join(' · ');
};
