import type { Run } from '../call.ts';
import { lookAtConfiguration } from '../doctor/configuration.ts';
import { linesOf, type Finding } from '../doctor/finding.ts';
import { lookAtProxies } from '../doctor/proxies.ts';
import { lookAtStore } from '../doctor/store.ts';
import { EXIT } from '../failures.ts';

export const run: Run = async (call) => {
  const findings: Finding[] = [
    ...lookAtConfiguration(call),
    ...(await lookAtStore(call)),
    ...(await lookAtProxies(call)),
  ];
  const isWell = findings.every(({ level }) => level !== 'fail');
  call.tell({ store: call.address.shown, isWell, findings }, findings.flatMap(linesOf));
  return isWell ? EXIT.done : EXIT.notWell;
};
