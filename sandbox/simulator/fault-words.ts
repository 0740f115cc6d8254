/** What a fault may be told besides where and how often it strikes. */
export type FaultWord = "id" | "field" | "object" | "value" | "seconds" | "used" | "missing" | "agree" | "keep" | "html";

/** A fault in words. */
export interface FaultWords {
  /** What becomes of the answer. */
  readonly says: string;
  readonly takes: readonly FaultWord[];
  /** Those of what it takes that it is nothing without. */
  readonly needs: readonly FaultWord[];
}

/** A fault in a phrase, with what it takes and needs. */
export function fault(says: string, takes: readonly FaultWord[] = [], needs: readonly FaultWord[] = []): FaultWords {
  return { says, takes, needs };
}
