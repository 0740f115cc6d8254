import type { Group } from "../config/pipeline.ts";
import type { OpsRow } from "../warehouse/ops-tables.ts";
import type { Account } from "./accounts.ts";
import { flowLine } from "./flow-terms.ts";
import type { Gate } from "./gate.ts";
import type { Writing } from "./staging.ts";

/** The class of `ops.flow` rows that count newly held rows which are no part of `held_share`, now or an hour later. */
export const HELD_FOR_ABSENT = "held_for_absent";

/** What of a publication its ledger rows name. */
interface Named {
  readonly writing: Writing;
  readonly group: Pick<Group, "name">;
  readonly ledger: { readonly publication: Pick<OpsRow<"publication">, "window_end"> };
}

/** A publication's counted classes per feed and currency, its closing stock among them. */
export function flowRows(plan: Named, accounts: readonly Account[]): OpsRow<"flow">[] {
  const base = {
    publication_id: plan.writing.publicationId,
    run_group: plan.group.name,
    number: plan.writing.number,
    window_end: plan.ledger.publication.window_end,
  };
  return accounts.flatMap((a) => {
    const terms = { ...flowLine(a).terms, [HELD_FOR_ABSENT]: { rows: a.heldForAbsent, minor: null } };
    return Object.entries(terms)
      .filter(([, amount]) => amount.rows !== 0n)
      .map(([name, amount]) => ({
        ...base,
        feed: a.feed,
        currency: a.currency,
        class: name,
        row_count: amount.rows,
        minor: amount.minor,
      }));
  });
}

/** What its gates said. */
export function gateRows(plan: Named, gates: readonly Gate[]): OpsRow<"verdict">[] {
  return gates.map((gate) => ({
    publication_id: plan.writing.publicationId,
    run_group: plan.group.name,
    number: plan.writing.number,
    scope: "gate",
    feed: gate.feed ?? null,
    name: gate.name,
    severity: gate.severity,
    fingerprint: null,
    verdict: gate.verdict,
    observed: gate.observed,
    limit_text: gate.limit,
    currency: gate.currency ?? null,
    curated: gate.table ?? null,
    rule: gate.rule ?? null,
    subject: gate.subject ?? null,
  }));
}
