import { describeChecklist } from './checklist.ts';
import { startOnSqlite } from './panel.ts';

describeChecklist('sqlite', null, startOnSqlite);
