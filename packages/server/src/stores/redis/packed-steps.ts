import { STATUSES, type Cause, type PresenceRecord, type Step } from '@presence/core';
import { NOTHING, trimmed, type From, type Item, type Row } from './packing.ts';

const CAUSES: readonly Cause[] = [
  'opened',
  'touched',
  'activity',
  'idle-too-long',
  'lease-ended',
  'link-lost',
  'page-closed',
  'signed-out',
  'replaced',
  'claimed',
  'released',
  'claim-ended',
  'hidden',
  'visible',
  'account',
];

/** Of a later release, perhaps: by its name then. */
const packCause = (cause: Cause): number | string => {
  const place = CAUSES.indexOf(cause);
  return place < 0 ? cause : place;
};

const cause = (item: Item): Cause => (typeof item === 'number' ? CAUSES[item]! : (item as Cause));

const USUAL_STEP = [0, 0, 0, 0, 0];

export const packStep = (from: From, step: Step): Row => {
  const row: Row = [
    from - step.revision,
    from - step.version,
    STATUSES.indexOf(step.status),
    from - step.at,
    packCause(step.cause),
  ];
  return trimmed(row, USUAL_STEP);
};

export const unpackStep = (from: From, row: Row): Step => {
  const [revision = 0, version = 0, status = 0, at = 0, why = 0] = row;
  return {
    revision: from - (revision as number),
    version: from - (version as number),
    status: STATUSES[status as number]!,
    at: from - (at as number),
    cause: cause(why),
  };
};

/** What a write did: how many of the record's last steps, or the steps where the record has not kept them. */
export const encodeSteps = (steps: readonly Step[], record: PresenceRecord | null): string => {
  const kept = record?.steps ?? NOTHING;
  const first = kept.length - steps.length;
  if (first >= 0 && steps.every((step, place) => step === kept[first + place])) {
    return String(steps.length);
  }
  return JSON.stringify(steps.map((step) => packStep(0, step)));
};

export const decodeSteps = (text: string, record: PresenceRecord | null): readonly Step[] => {
  if (!text.startsWith('[')) {
    const count = Number(text);
    if (count === 0) return NOTHING;
    return record!.steps.slice(record!.steps.length - count);
  }
  return (JSON.parse(text) as Row[]).map((row) => unpackStep(0, row));
};
