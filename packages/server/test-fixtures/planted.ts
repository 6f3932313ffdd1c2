/** A mistake in what a store sends, and the check that was written against it. */
export interface Planted<Right extends string | RegExp> {
  readonly bug: string;
  readonly right: Right;
  readonly wrong: string;
  readonly refusedBy: string;
}

export const planted = <Right extends string | RegExp>(
  bug: string,
  right: Right,
  wrong: string,
  refusedBy: string,
): Planted<Right> => ({ bug, right, wrong, refusedBy });
