import type { ReactNode } from 'react';

export type Choice = readonly [value: string, label: string];

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
}

export const Select = ({ label, value, choices, onChange }: SelectProps): ReactNode => (
  <select
    className="input select"
    aria-label={label}
    value={value}
    onChange={({ target }) => onChange(target.value)}
  >
    {choices.map(([choice, words]) => (
      <option key={choice} value={choice}>
        {words}
      </option>
    ))}
  </select>
);
