import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../root.mjs';
import { breaches } from '../layering/breaches.ts';
import { permits, rawSqlBreaches } from '../layering/raw-sql.ts';

/**
 * Who may import whom, where time and chance may be read, and who may go around the template of SQL. The rules are
 * in scripts/layering/rules.ts and raw-sql.ts.
 */
export function checkLayering(): void {
  const files = globSync('packages/*/src/**/*.{ts,tsx}', { cwd: root });
  const found = files.flatMap((file) => {
    const path = file.replaceAll('\\', '/');
    const source = readFileSync(join(root, file), 'utf8');
    return [...breaches(path, source), ...rawSqlBreaches(path, source)];
  });
  if (files.length === 0) throw new Error('No source file was found below packages/*/src.');
  const stale = permits.filter(({ file }) => !files.includes(file)).map(({ file }) => file);
  if (stale.length > 0) throw new Error(`${stale.join(', ')} of raw-sql.ts is gone.`);
  if (found.length > 0) throw new Error(found.join('\n'));
}
