import { modelFingerprint } from "../config/link-models.ts";
import type { Feed, Model, ModelInput, Touch } from "../config/pipeline.ts";
import { canonicalJson } from "../kernel/fingerprint.ts";
import type { AuditEntry } from "../ledger/audit-trail.ts";
import { COLUMN_ADDED, eraDetail, MODEL_DECLARED, type Recorded } from "../ledger/recorded.ts";
import { withRelation } from "../sql/tokens.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { type FeedName, feedName, sharesStaging, stagingTable, stem } from "../warehouse/relations.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { followSelects, selectFingerprint } from "./select-eras.ts";

/** A feed, and the name that its rows had. */
interface Names {
  readonly feed: Feed;
  readonly was: string;
}

function formerInput<T extends ModelInput>(input: T, { feed, was }: Names): T {
  return "feed" in input && input.feed === feed.id ? { ...input, feed: was } : input;
}

function formerTouch(touch: Touch, names: Names): Touch {
  const former = formerInput(touch, names);
  if ("select" in former || !former.through) return former;
  return { ...former, through: former.through.map((step) => ({ ...step, to: formerInput(step.to, names) })) };
}

/** A model as it read while the feed had its former name. */
function formerModel(model: Model, { feed, was }: Names): Model {
  const names = { from: stem(feed), to: stem(feedName(was)) };
  const former = {
    ...model,
    select: withRelation(model.select, "staging", names),
    touches: model.touches.map((touch) => formerTouch(touch, { feed, was })),
  };
  return { ...former, fingerprint: modelFingerprint({ ...former, contract: model.contract.fingerprint }) };
}

/**
 * Models whose SELECT is the one that their rows were made with but for the feed's name: their eras with today's wording, as they
 * are to be recorded. Any other change is left for the next run to find.
 */
export async function renamedSelects(
  session: Session,
  dialect: Dialect,
  options: Names & { group: string; models: readonly Model[]; recorded: Recorded; head: bigint },
): Promise<AuditEntry[]> {
  const { group, models, recorded, head } = options;
  const former = models.map((model) => formerModel(model, options));
  const elsewhere = new Set(models.map(({ table }) => table));
  const { eras } = await followSelects(session, dialect, { group, models: former, elsewhere, recorded, head });
  return models.flatMap((model, i) => {
    const known = eras.get(model.table) ?? [];
    const [was, is] = [selectFingerprint(former[i] ?? model), selectFingerprint(model)];
    // An era that begins behind the last publication is no published one: the SELECT is another in more than the name.
    const isOther = known.at(-1)?.after === head && known.at(-2)?.select !== known.at(-1)?.select;
    if (was === is || isOther) return [];
    const worded = known.map((era) => (era.select === was ? { ...era, select: is } : era));
    return [{ event: MODEL_DECLARED, subject: model.table, detail: eraDetail(worded, head) }];
  });
}

/** Since when the columns of the moved rows are filled: as under the former name, whatever was noted of the empty table. */
export function carriedColumns({ addedColumns }: Recorded, names: Names): AuditEntry[] {
  if (sharesStaging(names)) return [];
  const relation = (feed: FeedName) => `staging.${stagingTable(feed)}`;
  const [former, now] = [relation(feedName(names.was)), relation(names.feed)];
  const after = new Map(addedColumns.filter((c) => c.relation === former).map((c) => [c.column, c.after]));
  const noted = addedColumns.filter((c) => c.relation === now).map((c) => c.column);
  return [...new Set([...after.keys(), ...noted])].map((column) => ({
    event: COLUMN_ADDED,
    subject: `${now}.${column}`,
    detail: (after.get(column) ?? 0n).toString(),
  }));
}

/** What the last publication's rows were made with, under the new name: a rename makes no row anew. */
export async function carriedFingerprints(
  session: Session,
  dialect: Dialect,
  { group, head, feed, was }: Names & { group: string; head: bigint },
): Promise<string> {
  const [row] = await session.rows({
    name: "rename.fingerprints",
    sql: `SELECT p.fingerprints FROM ${ops(dialect, "publication")} p WHERE p.run_group = ${dialect.literal(group)} AND p.number = ${head}`,
  });
  const last = Object.entries(JSON.parse(row?.["fingerprints"] ?? "{}") as Record<string, string>);
  const of = (id: string) => [`contract:${id}`, `feed:${id}`];
  const names = new Map(of(was).map((name, i) => [name, of(feed.id)[i] ?? name]));
  const others = last.filter(([name]) => !of(feed.id).includes(name));
  return canonicalJson(Object.fromEntries(others.map(([name, value]) => [names.get(name) ?? name, value])));
}
