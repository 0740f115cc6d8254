import { landedHash } from "../checks/label.ts";
import { moneyColumns } from "../checks/money.ts";
import { scannedMeta } from "../checks/record-fault.ts";
import type { Feed } from "../config/pipeline.ts";
import { printOf } from "../proofs/break-rows.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { asText, firstOf } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { brokenOf, NAMED_BREAKS, type Proof, timed } from "./proof.ts";

/** What R4 compares of rows that wait, in words. */
export const WAITING_COMPARES = "waiting rows, with their own texts";

/** The waiting rows of a feed, each with the texts that it was set aside with, as the label read them. */
function waitingTexts(dialect: Dialect, feed: Feed): string {
  const named = (payload: string, name: string) => `${dialect.jsonText(payload, name)} AS ${dialect.identifier(name)}`;
  const record = scannedMeta(feed).map((name) =>
    name === "_unconverted"
      ? `CAST(NULL AS VARCHAR) AS ${dialect.identifier(name)}`
      : named(name === "_payload" ? "q.payload_pii" : "q.payload", name),
  );
  const texts = feed.contract.columns.map((c) => named(c.pii ? "q.payload_pii" : "q.payload", c.name));
  return `SELECT q.row_id, q.row_hash, q.minor AS _kept_minor, q.currency AS _kept_currency, ${[...record, ...texts].join(", ")}
  FROM ${ops(dialect, "open_quarantine")} q
  WHERE q.feed = ${dialect.literal(feed.id)} AND q.contract_version = ${dialect.literal(feed.contract.version)}`;
}

/**
 * Whether a row's money is not that of its texts. Which texts a file's layout could not convert is not kept: where there are such feeds, a row
 * whose money could be read tells.
 */
function otherMoney(dialect: Dialect, feed: Feed, currencies: Readonly<Record<string, number>>): string {
  const money = moneyColumns(dialect, feed, { text: dialect.identifier, currencies });
  const differs = `(COALESCE(${money.minor}, 0) <> w._kept_minor OR ${money.currency} IS DISTINCT FROM w._kept_currency)`;
  return feed.lands.includes("_unconverted") ? `w._kept_minor <> 0 AND ${differs}` : differs;
}

/** Waiting rows whose texts do not give the hash or the money that they were set aside with. */
function otherTexts(dialect: Dialect, feed: Feed, currencies: Readonly<Record<string, number>>): Statement {
  const hash = landedHash(dialect, feed);
  const print = printOf(dialect, [
    dialect.hashText(hash),
    dialect.hashText("w.row_hash"),
    asText("w._kept_minor"),
    "w._kept_currency",
  ]);
  return {
    name: `reconcile.waiting.${feed.id}`,
    sql: firstOf({
      rows: `SELECT w.row_id AS key_0, w.row_id AS key_text, ${print} AS print FROM (
  ${waitingTexts(dialect, feed)}
) w
WHERE ${hash} IS DISTINCT FROM w.row_hash
  OR ${otherMoney(dialect, feed, currencies)}`,
      columns: ["f.key_0", "f.key_text", "f.print"],
      total: "differing",
      order: ["f.key_0"],
      limit: NAMED_BREAKS,
    }),
  };
}

/**
 * R4: the texts of each row that waits, with the hash and the money that it was set aside with. Rows of another version of the contract,
 * whose columns may have been others, are not looked at.
 */
export async function proveWaiting(
  session: Session,
  dialect: Dialect,
  { feed, currencies }: { feed: Feed; currencies: Readonly<Record<string, number>> },
): Promise<Proof> {
  const found = await timed(async () => {
    const [count] = await session.rows({
      name: `reconcile.waiting-rows.${feed.id}`,
      sql: `SELECT ${asText("COUNT(*)")} AS waiting FROM (
  ${waitingTexts(dialect, feed)}
) w`,
    });
    const other = brokenOf(await session.rows(otherTexts(dialect, feed, currencies)), ["row_id"]);
    return { rows: BigInt(count?.["waiting"] ?? "0"), ...other };
  });
  return { leg: "R4", of: feed.id, compares: WAITING_COMPARES, says: [], notProven: null, ...found };
}
