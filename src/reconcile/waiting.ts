import { landedHash } from "../checks/label.ts";
import { moneyColumns } from "../checks/money.ts";
import { PAYLOADS, payloadText, payloadTextThen, readablePayloads } from "../checks/payloads.ts";
import { scannedMeta } from "../checks/record-fault.ts";
import type { Feed } from "../config/pipeline.ts";
import { printOf } from "../proofs/break-rows.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { asText, firstOf } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { brokenOf, NAMED_BREAKS, NAMED_KEYS, type Proof, timed } from "./proof.ts";

/** What R4 compares of rows that wait, in words. */
export const WAITING_COMPARES = "waiting rows, with their own texts";

/** Waiting rows of a feed that were set aside under one version of its contract; null for rows that do not say which. */
interface OfVersion {
  readonly feed: Feed;
  readonly version: string | null;
}

function isOf(dialect: Dialect, { feed, version }: OfVersion): string {
  const same = version === null ? "q.contract_version IS NULL" : `q.contract_version = ${dialect.literal(version)}`;
  return `q.feed = ${dialect.literal(feed.id)} AND ${same}`;
}

/**
 * Waiting rows, each with the texts that it was set aside with, as the label read them; of texts that are no JSON any more there are none. Which texts are personal may have been another matter under
 * another version.
 */
function waitingTexts(dialect: Dialect, of: OfVersion): string {
  const { feed } = of;
  const text = of.version === feed.contract.version ? payloadText : payloadTextThen;
  const named = (name: string, isPersonal: boolean) => `${text(dialect, name, isPersonal)} AS ${dialect.identifier(name)}`;
  const record = scannedMeta(feed).map((name) =>
    name === "_unconverted" ? `CAST(NULL AS VARCHAR) AS ${dialect.identifier(name)}` : named(name, name === "_payload"),
  );
  const texts = feed.contract.columns.map((c) => named(c.name, c.pii));
  return `SELECT q.row_id, q.row_hash, q.minor AS _kept_minor, q.currency AS _kept_currency, ${[...record, ...texts].join(", ")}
  FROM (
    SELECT q.row_id, q.row_hash, q.minor, q.currency, ${readablePayloads(dialect)}
    FROM ${ops(dialect, "open_quarantine")} q WHERE ${isOf(dialect, of)}
  ) q`;
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
function otherTexts(dialect: Dialect, of: OfVersion, currencies: Readonly<Record<string, number>>): Statement {
  const hash = landedHash(dialect, of.feed);
  const print = printOf(dialect, [
    dialect.hashText(hash),
    dialect.hashText("w.row_hash"),
    asText("w._kept_minor"),
    "w._kept_currency",
  ]);
  return {
    name: `reconcile.waiting.${of.feed.id}`,
    sql: firstOf({
      rows: `SELECT w.row_id AS key_0, w.row_id AS key_text, ${print} AS print FROM (
  ${waitingTexts(dialect, of)}
) w
WHERE ${hash} IS DISTINCT FROM w.row_hash
  OR ${otherMoney(dialect, of.feed, currencies)}`,
      columns: ["f.key_0", "f.key_text", "f.print"],
      total: "differing",
      order: ["f.key_0"],
      limit: NAMED_BREAKS,
    }),
  };
}

/** How many rows wait of each version of the contract. */
async function versionsOf(session: Session, dialect: Dialect, feed: Feed): Promise<(OfVersion & { rows: bigint })[]> {
  const rows = await session.rows({
    name: `reconcile.waiting-rows.${feed.id}`,
    sql: `SELECT q.contract_version AS version, ${asText("COUNT(*)")} AS waiting FROM ${ops(dialect, "open_quarantine")} q
WHERE q.feed = ${dialect.literal(feed.id)} GROUP BY q.contract_version ORDER BY version`,
  });
  return rows.map((row) => ({ feed, version: row["version"] ?? null, rows: BigInt(row["waiting"] ?? "0") }));
}

/** Rows of an earlier version that are asked which columns they have: of one or the other a hand may have taken some. */
const ASKED = 50;

function namesIn(text: string | null | undefined): string[] {
  const found: unknown = JSON.parse(text ?? "{}");
  return found !== null && typeof found === "object" ? Object.keys(found) : [];
}

/**
 * A feed with the columns that its contract had in an earlier version, as rows that were set aside under it have them, in today's order; null where
 * one of them is no column any more, so that nobody knows where it stood.
 */
export async function feedThen(session: Session, dialect: Dialect, of: OfVersion): Promise<Feed | null> {
  const { feed } = of;
  const rows = await session.rows({
    name: `reconcile.waiting-columns.${feed.id}`,
    sql: `SELECT ${PAYLOADS.map((name) => `q.${name} AS ${name}`).join(", ")} FROM ${ops(dialect, "open_quarantine")} q
WHERE ${[isOf(dialect, of), ...PAYLOADS.map((name) => dialect.isJson(`q.${name}`))].join(" AND ")} ORDER BY q.row_id LIMIT ${ASKED}`,
  });
  const names = new Set(rows.flatMap((row) => PAYLOADS.flatMap((name) => namesIn(row[name]))));
  const columns = feed.contract.columns.filter(({ name }) => names.has(name));
  const known = [...scannedMeta(feed), ...columns.map(({ name }) => name)];
  const money = feed.money ? [feed.money.amount, feed.money.currency ?? feed.money.amount] : [];
  if ([...names].some((name) => !known.includes(name)) || money.some((name) => !names.has(name))) return null;
  return { ...feed, contract: { ...feed.contract, columns } };
}

/** Whether the rows of an earlier version have their hashes by today's order of its columns; where none has, it was another order. */
export async function isInOrder(session: Session, dialect: Dialect, of: OfVersion): Promise<boolean> {
  const [row] = await session.rows({
    name: `reconcile.waiting-order.${of.feed.id}`,
    sql: `SELECT ${asText("COUNT(*)")} AS known FROM (
  ${waitingTexts(dialect, of)}
) w WHERE ${landedHash(dialect, of.feed)} = w.row_hash`,
  });
  return row?.["known"] !== "0";
}

type Compared = Pick<Proof, "rows" | "differing" | "keys" | "breaks"> & { readonly unknown: string | null };

/** What is known of the waiting rows of one version. */
async function compareVersion(
  session: Session,
  dialect: Dialect,
  { feed, version, rows, currencies }: OfVersion & { rows: bigint; currencies: Readonly<Record<string, number>> },
): Promise<Compared> {
  const isToday = version === feed.contract.version;
  const then = isToday ? feed : await feedThen(session, dialect, { feed, version });
  const unknown: Compared = {
    ...{ rows: 0n, differing: 0n, keys: [], breaks: [] },
    unknown: `${rows} rows wait since version ${version ?? "unknown"} of the contract, whose columns are not known any more`,
  };
  if (then === null || !(isToday || (await isInOrder(session, dialect, { feed: then, version })))) return unknown;
  const found = brokenOf(await session.rows(otherTexts(dialect, { feed: then, version }, currencies)), ["row_id"]);
  return { rows, ...found, unknown: null };
}

/** Rows that wait no more since an event says so which no publication has brought: a hand has ended them. */
function endedByHand(dialect: Dialect, feed: Feed): Statement {
  const same = ["publication_id", "run_group", "number"].map((name) => `p.${name} = e.${name}`);
  return {
    name: `reconcile.waiting-ended.${feed.id}`,
    sql: firstOf({
      rows: `SELECT DISTINCT e.row_id AS key_0, e.row_id AS key_text, '' AS print FROM ${ops(dialect, "quarantine_event")} e
LEFT JOIN ${ops(dialect, "publication")} p ON ${same.join(" AND ")}
WHERE e.feed = ${dialect.literal(feed.id)} AND p.publication_id IS NULL`,
      columns: ["f.key_0", "f.key_text", "f.print"],
      total: "differing",
      order: ["f.key_0"],
      limit: NAMED_BREAKS,
    }),
  };
}

/**
 * R4: the texts of each row that waits, with the hash and the money that it was set aside with, under whatever version of the contract that was.
 * Where its columns are not known any more, and no other row differs, the comparison is not proven. And that no row waits no more for no publication's sake.
 */
export async function proveWaiting(
  session: Session,
  dialect: Dialect,
  { feed, currencies }: { feed: Feed; currencies: Readonly<Record<string, number>> },
): Promise<Proof> {
  const { all, ...found } = await timed(async () => {
    const all: Compared[] = [];
    const versions = await versionsOf(session, dialect, feed);
    const { version } = feed.contract;
    const today = versions.some((of) => of.version === version) ? [] : [{ feed, version, rows: 0n }];
    for (const of of [...versions, ...today]) all.push(await compareVersion(session, dialect, { ...of, currencies }));
    all.push({ rows: 0n, unknown: null, ...brokenOf(await session.rows(endedByHand(dialect, feed)), ["row_id"]) });
    return { all };
  });
  const sum = (pick: (one: Compared) => bigint) => all.reduce((total, one) => total + pick(one), 0n);
  const [differing, unknown] = [sum((one) => one.differing), all.flatMap((one) => one.unknown ?? [])];
  return {
    ...{ leg: "R4", of: feed.id, compares: WAITING_COMPARES, says: [], ...found },
    ...{ rows: sum((one) => one.rows), differing, keys: all.flatMap(({ keys }) => keys).slice(0, NAMED_KEYS) },
    ...{ breaks: all.flatMap(({ breaks }) => breaks ?? []), notProven: differing === 0n ? (unknown[0] ?? null) : null },
  };
}
