/** Guarantees that a history can break. L5 shows as S2: within its time somebody is to be seen again. */
type Property = 'S1' | 'S2' | 'S3' | 'S4' | 'S5' | 'S6' | 'S12' | 'L1' | 'L4';

export interface Violation {
  readonly property: Property;
  readonly text: string;
}

/** Who hears of violations. */
export type Report = (property: Property, text: string) => void;
