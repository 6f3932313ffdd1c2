import { DEFAULT_POLICY } from '@presence/core';
import type { Call } from '../call.ts';
import type { Finding } from './finding.ts';

/** Kysely 0.29 asks for it. */
const SQL_NODE = [22, 12] as const;

const isOlder = (version: string, [major, minor]: readonly [number, number]): boolean => {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
};

const nodeFinding = ({ address }: Call): Finding => {
  const { node } = process.versions;
  const saw = `Node ${node}`;
  if (address.kind === 'redis' || !isOlder(node, SQL_NODE)) {
    return { about: 'configuration', level: 'ok', saw };
  }
  const advice = `Stores in SQL need Node ${SQL_NODE.join('.')} or newer, for Kysely 0.29.`;
  return { about: 'configuration', level: 'fail', saw, advice };
};

const policyFinding = ({ options, policy }: Call): Finding => {
  if (options.policy === undefined) {
    return {
      about: 'configuration',
      level: 'ok',
      saw: 'the default policy; pass --policy where your application has one of its own',
    };
  }
  const changed = Object.keys(policy).filter(
    (name) =>
      JSON.stringify(policy[name as keyof typeof policy]) !==
      JSON.stringify(DEFAULT_POLICY[name as keyof typeof policy]),
  );
  const saw = `a policy that can work, with its own ${changed.join(', ') || 'nothing'}`;
  return { about: 'configuration', level: 'ok', saw };
};

export const lookAtConfiguration = (call: Call): Finding[] => [
  nodeFinding(call),
  policyFinding(call),
];
