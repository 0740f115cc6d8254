import { moneyColumns } from "../checks/money.ts";
import { scannedMeta } from "../checks/record-fault.ts";
import { keyColumns, maskedKeys } from "../checks/samples.ts";
import type { Feed, Group, Pipeline } from "../config/pipeline.ts";
import { closingStock } from "../ledger/earlier.ts";
import { type Recounted, stockDifferences } from "../publish/restated-gates.ts";
import { measureStock } from "../publish/staging.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { measuredLines } from "../warehouse/measured.ts";
import { ask } from "../warehouse/questions.ts";
import { stagingRows } from "../warehouse/relations.ts";
import { asText, firstOf, rowKey } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { brokenOf, NAMED_BREAKS, type Proof, timed } from "./proof.ts";

/** What R4 compares, in words. */
export const STOCK_COMPARES = "live rows and their money, with the ledger";
export const MONEY_COMPARES = "money of each row, with its columns";

/** R4: live rows and money of a feed, beside what the last publication left by the ledger. */
export async function stockOf(session: Session, dialect: Dialect, { feed, group }: { feed: Feed; group: Group }): Promise<Proof> {
  const { seconds, stock } = await timed(async () => {
    const counted = await ask(session, { dialect, name: "reconcile.stock" }, [measureStock(dialect, [feed])]);
    const recorded = await ask(session, { dialect, name: "reconcile.closing-stock" }, [closingStock(dialect, group.name)]);
    return { stock: { counted: measuredLines(counted("stock")), recorded: measuredLines(recorded("stock")) } };
  });
  return { ...proveStock(stock, feed.id), seconds };
}

/** What the two sides of a feed's stock come to. */
function proveStock(stock: Recounted, feed: string): Proof {
  const own = stock.counted.filter((line) => line.feed === feed);
  return {
    leg: "R4",
    of: feed,
    compares: STOCK_COMPARES,
    rows: own.reduce((sum, { rows }) => sum + rows, 0n),
    differing: 0n,
    keys: [],
    says: stockDifferences(stock, feed).map(
      ({ currency, left, right }) =>
        `${currency}: ${left.rows} rows, ${left.minor} minor units; the ledger has ${right.rows}, ${right.minor}`,
    ),
    notProven: null,
    seconds: 0,
  };
}

/** Live rows of a feed whose money is not that of their columns: the money that identities and totals are counted with. */
function wrongMoney(dialect: Dialect, feed: Feed, currencies: Readonly<Record<string, number>>): Statement {
  const names = keyColumns(feed);
  const keys = maskedKeys(dialect, feed, { alias: "w", names });
  const lacking = scannedMeta(feed).map((name) => `, CAST(NULL AS VARCHAR) AS ${dialect.identifier(name)}`);
  const money = moneyColumns(dialect, feed, { text: (name) => asText(`w.${dialect.identifier(name)}`), currencies });
  const sides = [
    `${money.currency} AS source_currency`,
    `${asText(money.minor)} AS source_minor`,
    "w._currency AS live_currency",
    `${asText("w._minor")} AS live_minor`,
  ];
  const text = `${rowKey(dialect, "w", names)} AS key_text`;
  const told = [...names.map((_, i) => `key_${i}`), "key_text", ...SIDES];
  return {
    name: `reconcile.money.${feed.id}`,
    sql: firstOf({
      rows: `SELECT ${[...keys, text, ...sides].join(", ")}
FROM (SELECT s.*${lacking.join("")} FROM ${stagingRows(dialect, feed)} s WHERE s._deleted_at IS NULL) w
WHERE ${money.minor} IS DISTINCT FROM w._minor OR ${money.currency} IS DISTINCT FROM w._currency`,
      columns: told.map((name) => `f.${name}`),
      total: "differing",
      order: [...names.map((_, i) => `f.key_${i}`), "f.key_text", "f.live_minor"],
      limit: NAMED_BREAKS,
    }),
  };
}

/** The money of the columns, and the money that stands beside them. */
const SIDES = ["source_currency", "source_minor", "live_currency", "live_minor"] as const;

/** R4: the money that stands beside each live row of a feed, with the money of its columns. */
export async function proveMoney(
  session: Session,
  dialect: Dialect,
  { feed, pipeline, rows }: { feed: Feed; pipeline: Pipeline; rows: bigint },
): Promise<Proof> {
  const question = wrongMoney(dialect, feed, pipeline.currencies);
  const found = await timed(async () => brokenOf(await session.rows(question), keyColumns(feed)));
  return { leg: "R4", of: feed.id, compares: MONEY_COMPARES, rows, says: [], notProven: null, ...found };
}
