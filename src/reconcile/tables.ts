import { maskedKeys } from "../checks/samples.ts";
import type { Feed, Model, Pipeline } from "../config/pipeline.ts";
import { ofModel } from "../publish/of-model.ts";
import { allRows, differingKeys, liveRows, liveTouched, touchedRows } from "../publish/recompute.ts";
import { touchedSince } from "../publish/touched.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { asText, firstOf } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import type { Extent } from "./extent.ts";
import { differingOf, NAMED_KEYS, type Proof, timed } from "./proof.ts";

/** What R2 compares, in words. */
export const TABLE_COMPARES = "live rows, with what the model gives";

/** What of a table is compared: everything, or the keys that something published behind a publication reaches. */
interface Looked {
  readonly model: Model;
  readonly since: bigint | null;
}

/** Keys whose rows are not the model's. */
function differing(dialect: Dialect, { model, since }: Looked): Statement {
  const keys = maskedKeys(dialect, model, { alias: "t", names: model.key });
  const [made, live] = since === null ? [allRows, liveRows] : [touchedRows, liveTouched];
  return {
    name: `reconcile.differing.${model.table}`,
    sql: firstOf({
      rows: `WITH made AS (
${made(dialect, model)}
)
SELECT ${keys.join(", ")}
FROM (
  ${differingKeys(dialect, model, { made: "made", live: live(dialect, model) })}
) t`,
      columns: keys.map((_, i) => `f.key_${i}`),
      total: "differing",
      order: keys.map((_, i) => `f.key_${i}`),
      limit: NAMED_KEYS,
    }),
  };
}

async function compare(session: Session, dialect: Dialect, looked: Looked): Promise<Pick<Proof, "rows" | "differing" | "keys">> {
  const { model, since } = looked;
  const live = since === null ? liveRows(dialect, model) : liveTouched(dialect, model);
  const [count] = await session.rows({
    name: `reconcile.live.${model.table}`,
    sql: `SELECT ${asText("COUNT(*)")} AS live FROM ${live} c`,
  });
  const found = await ofModel(model, () => session.rows(differing(dialect, looked)));
  return { rows: BigInt(count?.["live"] ?? "0"), ...differingOf(found, model.key) };
}

/** What a model reads. */
function inputsOf(model: Model, { feeds, models }: Pipeline): (Feed | Model)[] {
  return model.touches.flatMap((touch) => ("feed" in touch ? feeds.get(touch.feed) : models.get(touch.table)) ?? []);
}

/**
 * R2: every row that a curated table's model gives today over all that it reads, beside the live rows that stand, column by column. A key that
 * the model gives twice, or that is live on one side alone, differs. Of an extent of what was touched only the keys that it reaches.
 */
export async function proveTable(
  session: Session,
  dialect: Dialect,
  { model, pipeline, extent }: { model: Model; pipeline: Pipeline; extent: Extent },
): Promise<Proof> {
  const since = extent.by === "touched" ? extent.since.publication : null;
  const found = await timed(async () => {
    if (since !== null) await session.run(touchedSince(dialect, model, { inputs: inputsOf(model, pipeline), since }));
    return compare(session, dialect, { model, since });
  });
  return { leg: "R2", of: model.table, compares: TABLE_COMPARES, says: [], notProven: null, ...found };
}
