/**
 * The shortest claim, in milliseconds. One that ends before the store can have taken it is too late at each try: stores answer
 * within a second.
 */
const LEAST_MS = 1000;

/** A claim as somebody asks for it, lasting a second at least. What is no duration is refused behind this. */
export const lasting = <Claim extends { readonly forMs?: number | undefined }>(
  claim: Claim,
): Claim =>
  claim.forMs !== undefined && claim.forMs > 0 && claim.forMs < LEAST_MS
    ? { ...claim, forMs: LEAST_MS }
    : claim;
