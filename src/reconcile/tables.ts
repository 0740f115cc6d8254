import { maskedKeys } from "../checks/samples.ts";
import type { Feed, Model, Pipeline } from "../config/pipeline.ts";
import { isWithinDates } from "../proofs/beside-part.ts";
import { type BreakRow, firstOfEach, parseKey, parseSides, sideColumns } from "../proofs/break-rows.ts";
import { ofModel } from "../publish/of-model.ts";
import { allRows, type Compared, differingKeys, liveRows, liveTouched, touchedRows } from "../publish/recompute.ts";
import { touchedSince } from "../publish/touched.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { asText, column, columns, firstOf, rowKey, sameKey } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import type { Extent, Stretch } from "./extent.ts";
import { differingOf, NAMED_BREAKS, NAMED_KEYS, type Proof, timed } from "./proof.ts";

/** What R2 compares, in words. */
export const TABLE_COMPARES = "live rows, with what the model gives";

/** What is compared. `whole`: the rows that both sides have of a key that differs, where those of the compared part may be fewer. */
interface TableSides extends Compared {
  readonly whole?: Compared;
}

/** A SELECT of the keys that differ; of a part also of those that are live twice of which another part has one. */
function differingIn(dialect: Dialect, model: Model, { made, live, whole }: TableSides): string {
  const keys = differingKeys(dialect, model, { made, live });
  if (!whole) return keys;
  const of = (alias: string) => columns(dialect, alias, model.key);
  const own = `SELECT DISTINCT ${of("p")} FROM ${live} p`;
  return `SELECT DISTINCT ${of("e")} FROM (
  ${keys}
  UNION ALL
  SELECT ${of("w")} FROM ${whole.live} w JOIN (${own}) o ON ${sameKey(dialect, model.key, ["o", "w"])} GROUP BY ${of("w")} HAVING COUNT(*) > 1
) e`;
}

/** Keys whose rows are not the model's. */
function differing(dialect: Dialect, model: Model, { made, live, whole }: TableSides): Statement {
  const keys = maskedKeys(dialect, model, { alias: "t", names: model.key });
  return {
    name: `reconcile.differing.${model.table}`,
    sql: firstOf({
      rows: `WITH made AS (
${made}
)
SELECT ${keys.join(", ")}
FROM (
  ${differingIn(dialect, model, { made: "made", live, ...(whole && { whole }) })}
) t`,
      columns: keys.map((_, i) => `f.key_${i}`),
      total: "differing",
      order: keys.map((_, i) => `f.key_${i}`),
      limit: NAMED_KEYS,
    }),
  };
}

/** What either side has of the keys that differ. */
export async function differingRows(
  session: Session,
  dialect: Dialect,
  { model, sides }: { model: Model; sides: TableSides },
): Promise<BreakRow[]> {
  const { key, table, contract } = model;
  const [first = ""] = key;
  const isThere = (alias: string) => ({ alias, isThere: `${column(dialect, alias, first)} IS NOT NULL` });
  const order = (alias: string) => key.map((name) => column(dialect, alias, name)).join(", ");
  const shown = [
    ...maskedKeys(dialect, model, { alias: "f", names: key }),
    `${rowKey(dialect, "f", key)} AS key_text`,
    ...sideColumns(dialect, contract.columns, [isThere("m"), isThere("c")]),
  ];
  const rows = await ofModel(model, () =>
    session.rows({
      name: `reconcile.differing-rows.${table}`,
      sql: `WITH made AS (
${sides.made}
), differing AS (
  ${differingIn(dialect, model, { ...sides, made: "made" })}
)
SELECT ${shown.join(",\n  ")}
FROM (SELECT d.* FROM differing d ORDER BY ${order("d")} LIMIT ${NAMED_BREAKS}) f
LEFT JOIN ${sides.whole ? `(${sides.whole.made})` : "made"} m ON ${sameKey(dialect, key, ["m", "f"])}
LEFT JOIN ${(sides.whole ?? sides).live} c ON ${sameKey(dialect, key, ["c", "f"])}
ORDER BY ${order("f")}, print`,
    }),
  );
  const found = rows.map((row) => ({
    ...{ why: null, sourceMoney: null, liveMoney: null },
    ...parseKey(row, key),
    ...parseSides(row, contract.columns),
  }));
  return firstOfEach(found);
}

async function compare(
  session: Session,
  dialect: Dialect,
  { model, sides }: { model: Model; sides: TableSides },
): Promise<Pick<Proof, "rows" | "differing" | "keys" | "breaks">> {
  const [count] = await session.rows({
    name: `reconcile.live.${model.table}`,
    sql: `SELECT ${asText("COUNT(*)")} AS live FROM ${sides.live} c`,
  });
  const found = await ofModel(model, () => session.rows(differing(dialect, model, sides)));
  const breaks = found.length === 0 ? [] : await differingRows(session, dialect, { model, sides });
  return { rows: BigInt(count?.["live"] ?? "0"), ...differingOf(found, model.key), breaks };
}

/** What a model reads. */
function inputsOf(model: Model, { feeds, models }: Pipeline): (Feed | Model)[] {
  return model.touches.flatMap((touch) => ("feed" in touch ? feeds.get(touch.feed) : models.get(touch.table)) ?? []);
}

/**
 * Rows of a table within stretches of its posting date, by each side's own: a key that is within them on one side alone differs, since its date
 * does.
 */
function within(dialect: Dialect, model: Model, of: readonly Stretch[]): TableSides {
  const name = model.postingDate;
  if (name === undefined) throw new Error(`table ${model.table} has no posting date`);
  const whole = { made: allRows(dialect, model), live: liveRows(dialect, model) };
  const part = (relation: string) =>
    `SELECT p.* FROM ${relation} p WHERE ${isWithinDates(dialect, model, { alias: "p", name, of })}`;
  return { made: part(`(${whole.made})`), live: `(${part(whole.live)})`, whole };
}

/** The sides of an extent of a table. */
async function sidesOf(
  session: Session,
  dialect: Dialect,
  { model, pipeline, extent }: { model: Model; pipeline: Pipeline; extent: Extent },
): Promise<TableSides> {
  switch (extent.by) {
    case "all":
      return { made: allRows(dialect, model), live: liveRows(dialect, model) };
    case "stretches":
      return within(dialect, model, extent.of);
    case "touched": {
      const since = extent.since.publication;
      await session.run(touchedSince(dialect, model, { inputs: inputsOf(model, pipeline), since }));
      return { made: touchedRows(dialect, model), live: liveTouched(dialect, model) };
    }
  }
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
  const found = await timed(async () =>
    compare(session, dialect, { model, sides: await sidesOf(session, dialect, { model, pipeline, extent }) }),
  );
  return { leg: "R2", of: model.table, compares: TABLE_COMPARES, says: [], notProven: null, ...found };
}
