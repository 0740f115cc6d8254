import { maskedKeys } from "../checks/samples.ts";
import type { Model } from "../config/pipeline.ts";
import { ofModel } from "../publish/of-model.ts";
import { allRows, differingKeys } from "../publish/recompute.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { curatedRows } from "../warehouse/relations.ts";
import { asText, firstOf } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { differingOf, NAMED_KEYS, type Proof, timed } from "./proof.ts";

/** What R2 compares, in words. */
export const TABLE_COMPARES = "live rows, with what the model gives";

/** Keys whose rows are not the model's. */
function differing(dialect: Dialect, model: Model): Statement {
  const keys = maskedKeys(dialect, model, { alias: "t", names: model.key });
  return {
    name: `reconcile.differing.${model.table}`,
    sql: firstOf({
      rows: `WITH made AS (
${allRows(dialect, model)}
)
SELECT ${keys.join(", ")}
FROM (
  ${differingKeys(dialect, model, "made")}
) t`,
      columns: keys.map((_, i) => `f.key_${i}`),
      total: "differing",
      order: keys.map((_, i) => `f.key_${i}`),
      limit: NAMED_KEYS,
    }),
  };
}

async function compare(session: Session, dialect: Dialect, model: Model): Promise<Pick<Proof, "rows" | "differing" | "keys">> {
  const [count] = await session.rows({
    name: `reconcile.live.${model.table}`,
    sql: `SELECT ${asText("COUNT(*)")} AS live FROM ${curatedRows(dialect, model)} c WHERE c.deleted_at IS NULL`,
  });
  const found = await ofModel(model, () => session.rows(differing(dialect, model)));
  return { rows: BigInt(count?.["live"] ?? "0"), ...differingOf(found, model.key) };
}

/**
 * R2: every row that a curated table's model gives today over all that it reads, beside the live rows that stand, column by column. A key that
 * the model gives twice, or that is live on one side alone, differs.
 */
export async function proveTable(session: Session, dialect: Dialect, model: Model): Promise<Proof> {
  const found = await timed(() => compare(session, dialect, model));
  return { leg: "R2", of: model.table, compares: TABLE_COMPARES, says: [], notProven: null, ...found };
}
