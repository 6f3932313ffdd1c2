import { isDeepStrictEqual } from 'node:util';
import type { Property, Stage } from '../stage.ts';
import type { Sight } from '../ledger.ts';

const describe = ({ presence, status, version }: Sight): string =>
  presence ? JSON.stringify(presence) : `${status} v${version}`;

/** Compares two sights of one version. Rows carry less than presences. */
const differ = (a: Sight, b: Sight): boolean =>
  a.status !== b.status ||
  (a.presence !== undefined &&
    b.presence !== undefined &&
    !isDeepStrictEqual(a.presence, b.presence));

const check = (known: Map<string, Sight>, sight: Sight, { violate }: Stage): void => {
  const text = `${sight.tenant}/${sight.userId} ${sight.projection} ${sight.version}`;
  const before = known.get(text);
  if (before && differ(before, sight)) {
    violate(
      'S4',
      `${text} was shown as ${describe(before)} by ${before.via} and as ${describe(sight)} by ${sight.via}`,
    );
  }
  if (!before || (!before.presence && sight.presence)) known.set(text, sight);
};

/** Everything that the server ever said, to whomever and however. */
export const versions: Property = {
  id: 'S4',
  title: 'equal versions have equal content, and reads never go back',
  watch: (stage) => {
    const known = new Map<string, Sight>();
    const newest = new Map<string, number>();
    stage.world.listen({
      started: () => {
        known.clear();
        newest.clear();
      },
    });
    stage.ledger.onSight((sight) => {
      check(known, sight, stage);
      if (sight.via !== 'read' && sight.via !== 'http') return;
      const text = `${sight.tenant}/${sight.userId} ${sight.projection}`;
      const before = newest.get(text) ?? 0;
      if (sight.version < before) {
        stage.violate(
          'S4',
          `${text} went back from version ${before} to ${sight.version} in a read`,
        );
      }
      newest.set(text, Math.max(before, sight.version));
    });
    return {};
  },
};
