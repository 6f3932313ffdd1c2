import type { ReactNode } from 'react';
import { setMode, useMode, useRefreshMs, type Mode } from './mode.ts';

/** Two ways of the same page, to be compared. */
export const ModeSwitch = (): ReactNode => {
  const mode = useMode();
  const seconds = useRefreshMs() / 1000;
  const choices: readonly (readonly [Mode, string, string])[] = [
    ['live', 'Live', 'One socket: changes as they happen'],
    ['polling', `${seconds} s`, `Heartbeats over HTTP; lists are asked for each ${seconds} s`],
  ];
  return (
    <fieldset className="switch">
      <legend className="hidden">How this page stays current</legend>
      {choices.map(([value, label, title]) => (
        <label key={value} className="switch-choice" title={title}>
          <input
            type="radio"
            name="mode"
            className="hidden"
            value={value}
            checked={mode === value}
            onChange={() => setMode(value)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
};
