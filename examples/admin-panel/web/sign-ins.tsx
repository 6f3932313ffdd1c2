import type { ReactNode } from 'react';
import type { SignIn } from './api.ts';
import { When } from './when.tsx';

const OUTCOMES: Readonly<Record<SignIn['outcome'], string>> = {
  ok: 'Signed in',
  'wrong-password': 'Wrong password',
  blocked: 'Refused: blocked',
};

/** Enough of a user agent to know one's own machine. */
const browserOf = (agent: string): string => {
  const [, name = 'Some program'] =
    /(Edg|OPR|Firefox|HeadlessChrome|Chrome|Safari)\//.exec(agent) ?? [];
  const [, system = ''] = /(Windows|Mac OS X|Android|iPhone|iPad|Linux)/.exec(agent) ?? [];
  const names: Readonly<Record<string, string>> = {
    Edg: 'Edge',
    OPR: 'Opera',
    HeadlessChrome: 'Chrome',
  };
  return [names[name] ?? name, system && `on ${system.replace('Mac OS X', 'macOS')}`]
    .join(' ')
    .trim();
};

export const SignIns = ({ signIns }: { readonly signIns: readonly SignIn[] }): ReactNode =>
  signIns.length === 0 ? (
    <p className="fine-print">Never.</p>
  ) : (
    <ul className="lines" data-testid="sign-ins">
      {signIns.map(({ at, outcome, address, agent }) => (
        <li key={`${at} ${outcome}`} className="line" data-outcome={outcome}>
          <span className="line-what">{OUTCOMES[outcome]}</span>
          <span className="line-more">
            {browserOf(agent)}, {address.replace('::ffff:', '')}
          </span>
          <When at={at} />
        </li>
      ))}
    </ul>
  );
