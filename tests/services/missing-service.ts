/** A service that a test project needs is not on this machine. */
export class MissingService extends Error {
  constructor(service: string, seen: string, advice: string) {
    super(`[presence/tests] ${service} is missing: ${seen}. ${advice}`);
    this.name = 'MissingService';
  }
}

/**
 * Starts a service for a test project. Where it is missing, the run fails if PRESENCE_REQUIRE=1 (CI sets it); otherwise
 * the reason is printed and returned, and the tests that need the service skip themselves by that reason.
 */
export async function serviceOrReason<T>(
  start: () => T | Promise<T>,
): Promise<{ service: T } | { missing: string }> {
  try {
    return { service: await start() };
  } catch (error) {
    if (!(error instanceof MissingService) || process.env['PRESENCE_REQUIRE'] === '1') throw error;
    console.error(
      `${error.message}\n[presence/tests] Tests that need it are skipped. PRESENCE_REQUIRE=1 makes this a failure.`,
    );
    return { missing: error.message };
  }
}
