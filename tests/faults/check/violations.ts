/** Guarantees that a history can break. */
export const PROPERTIES = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S12', 'L1', 'L4'] as const;

export type Property = (typeof PROPERTIES)[number];

export interface Violation {
  readonly property: Property;
  readonly text: string;
}

/** Who hears of violations. */
export type Report = (property: Property, text: string) => void;
