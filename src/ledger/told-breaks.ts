import type { Dialect, Statement } from "../warehouse/dialect.ts";
import type { OpsRow } from "../warehouse/ops-tables.ts";
import { insertOps } from "./insert-ops.ts";

/** What comparisons alone tell of a break: what either side has. */
const NO_SIDES = { source_currency: null, source_minor: null, live_currency: null, live_minor: null, proof_id: null } as const;

/** Something that became of a break by somebody's hand, not by a comparison. */
export type ToldBreak = Omit<OpsRow<"break_event">, keyof typeof NO_SIDES>;

/** Appends what became of breaks to `ops.break_event`. */
export function tellOfBreaks(dialect: Dialect, told: readonly ToldBreak[]): Statement[] {
  return insertOps(
    dialect,
    "break_event",
    told.map((one) => ({ ...NO_SIDES, ...one })),
  );
}
