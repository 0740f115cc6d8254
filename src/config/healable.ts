/** Classes of breaks that reading keys again, or computing them again, can put right (docs/reconciliation.md). */
export const HEALABLE_CLASSES = [
  "waiting_differs",
  "missing_in_warehouse",
  "missing_at_source",
  "amount",
  "currency",
  "attribute",
  "duplicate",
  "tampered",
  "model",
] as const;

export type HealableClass = (typeof HEALABLE_CLASSES)[number];
