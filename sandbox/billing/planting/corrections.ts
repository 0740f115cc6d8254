import type { Facts, Kind, Member } from "../../cast/facts.ts";
import { HOUR_MS } from "../../cast/hours.ts";
import type { Fault } from "../../faults.ts";
import type { Row } from "../../feed.ts";
import { instant } from "../instants.ts";
import type { BillingState } from "../state.ts";
import type { BillingTransaction } from "../transaction.ts";
import { FEED_OF, rowOf } from "../words.ts";

/** Plants one fault in the current hour, and puts what follows from it on the agenda. */
export type Planter = (state: BillingState, tx: BillingTransaction) => Promise<void>;

/** Columns of a row that do not say what its fact is. */
export type Slip = Row;

/** The row with a new `updated_at`; payments leave it to the database. */
function stamped({ company }: BillingState, kind: Kind, row: Row): Row {
  return { ...row, updated_at: kind === "payment" ? null : instant(company.now()) };
}

/** After some hours these columns say what the fact is; from then on its row is as good as any other. */
export function correctLater(state: BillingState, member: Member, columns: readonly string[]): void {
  const { kind, fact } = member;
  const right = rowOf(member);
  state.later(state.company.random.int(2, 4), async (then, tx) => {
    const row = then.rowOf(member);
    if (!row) return;
    const corrected = { ...row, ...Object.fromEntries(columns.map((name) => [name, right[name] ?? null])) };
    await tx.update(FEED_OF[kind], [stamped(then, kind, corrected)]);
    then.company.enter(kind, [fact]);
  });
}

/** Writes a new fact with a slip. The team corrects half of these. */
export async function plantNew(
  state: BillingState,
  tx: BillingTransaction,
  planted: { member: Member; slip: Slip; fault: Fault },
): Promise<void> {
  const { member, slip, fault } = planted;
  await tx.insert(FEED_OF[member.kind], [{ ...rowOf(member), ...slip }]);
  state.tell(member);
  state.plant(member, fault);
  if (state.company.random.chance(0.5)) correctLater(state, member, Object.keys(slip));
}

/** Breaks a published row; its published version goes stale until the row is put right, as half of them are. */
export async function plantChange<K extends Kind>(
  state: BillingState,
  tx: BillingTransaction,
  planted: { kind: K; accept?: (fact: Facts[K]) => boolean; slip: (fact: Facts[K]) => Slip; fault: Fault },
): Promise<void> {
  const { kind, accept, fault } = planted;
  const taken = state.take(kind, accept);
  if (!taken) return;
  const slip = planted.slip(taken.fact);
  const member: Member = { kind, fact: taken.fact };
  await tx.update(FEED_OF[kind], [stamped(state, kind, { ...taken.row, ...slip })]);
  state.plant(member, fault);
  if (state.company.random.chance(0.5)) correctLater(state, member, Object.keys(slip));
}

/** True for facts that earlier hours created: they are published, unless a run was blocked meanwhile. */
export function isOlder({ company }: BillingState): (fact: { readonly createdAt: number }) => boolean {
  const hourOf = (ms: number) => Math.floor(ms / HOUR_MS);
  const today = hourOf(company.now());
  return ({ createdAt }) => hourOf(createdAt) < today;
}
