import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../root.mjs';
import { breaches } from '../layering/breaches.ts';

/** Who may import whom, and where time and chance may be read. The rules are in scripts/layering/rules.ts. */
export function checkLayering(): void {
  const files = globSync('packages/*/src/**/*.{ts,tsx}', { cwd: root });
  const found = files.flatMap((file) => {
    const path = file.replaceAll('\\', '/');
    return breaches(path, readFileSync(join(root, file), 'utf8'));
  });
  if (files.length === 0) throw new Error('No source file was found below packages/*/src.');
  if (found.length > 0) throw new Error(found.join('\n'));
}
