import { isSharedLease, STATUSES, type LeaseId, type Status } from '@presence/core';
import { decodeId, encodeId } from '../shared/ids.ts';

/** A lease with the one thing that scripts have to know of it: whether it is shared. */
export const encodeLease = (id: LeaseId): string => (isSharedLease(id) ? 's' : 'o') + encodeId(id);

export const decodeLease = (text: string): LeaseId => decodeId(text.slice(1));

/** The digit of a status. */
export const encodeStatus = (status: Status): string => String(STATUSES.indexOf(status));
