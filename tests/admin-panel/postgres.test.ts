import { inject } from 'vitest';
import { describeChecklist } from './checklist.ts';
import { startOnPostgres } from './panel.ts';

const postgres = inject('postgres');

describeChecklist('postgres', 'missing' in postgres ? postgres.missing : null, (people) =>
  startOnPostgres('service' in postgres ? postgres.service : '', people),
);
