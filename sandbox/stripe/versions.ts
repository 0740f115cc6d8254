/** The newest version that the simulator speaks. */
export const NEWEST_VERSION = "2026-08-26.dahlia";

/** The last version before invoices, subscriptions and credit notes took another shape on 2025-03-31. */
export const OLDER_VERSION = "2025-02-24.acacia";

/** Whether objects of a version have the shape that ended on 2025-03-31. */
export function isOlder(version: string): boolean {
  return version < "2025-03-31";
}
