import type { RestatedRows } from "../checks/restated.ts";
import type { HealLimits } from "../config/pipeline.ts";
import { amountText, type MeasuredLine } from "../warehouse/measured.ts";
import { type Account, add, NOTHING, subtract } from "./accounts.ts";
import { type Gate, gate, severeGate } from "./gate.ts";
import { type Recounted, stockDifferences } from "./restated-gates.ts";

/** What a heal is judged by beside what every run is. */
export interface HealFacts {
  readonly restated: readonly RestatedRows[];
  readonly recounted: Recounted | null;
  readonly accounts: readonly Account[];
  readonly limits: HealLimits;
  /** Somebody says why more may happen than is declared. */
  readonly isMeant: boolean;
}

/** What stands of a feed once it is healed. */
function afterwards(feed: string, accounts: readonly Account[], counted: readonly MeasuredLine[]): MeasuredLine[] {
  const own = accounts.filter((account) => account.feed === feed);
  const currencies = new Set([...own, ...counted.filter((line) => line.feed === feed)].map(({ currency }) => currency));
  return [...currencies].map((currency) => {
    const before = counted.filter((line) => line.feed === feed && line.currency === currency);
    const changes = own
      .filter((account) => account.currency === currency)
      .map(({ stock, vanished }) => subtract(add(stock.inserted, stock.updated), add(stock.replaced, vanished)));
    return { feed, currency, ...add(...before, ...changes) };
  });
}

function changesText(rows: bigint, hasOtherStock: boolean): string {
  if (rows > 0n) return `${rows} published ${rows === 1n ? "row was" : "rows were"} changed by another hand`;
  return hasOtherStock ? "published rows came or went by another hand" : "as published";
}

/**
 * What another hand has changed of a feed beside what its heal puts right. Where a feed's rows or money are not those that the ledger left, they must be so
 * behind the heal: else something stays that no key of it explains, and the ledger would take it for published. It blocks until somebody says why.
 */
function restatedGate(feed: string, { restated, recounted, accounts, isMeant }: HealFacts): Gate {
  const { rows } = restated.find((found) => found.feed === feed) ?? { rows: 0n };
  const before = recounted === null ? [] : stockDifferences(recounted, feed);
  const counted = recounted === null ? [] : afterwards(feed, accounts, recounted.counted);
  const rest = recounted === null || before.length === 0 ? [] : stockDifferences({ ...recounted, counted }, feed);
  const told = rest.map(
    ({ currency, left, right }) => `${currency}: ${amountText(left)} behind the heal where the ledger left ${amountText(right)}`,
  );
  const way = isMeant ? "" : '; heal what else differs with it, or say why with `--reason "…"`';
  const changed = changesText(rows, before.length > 0);
  return severeGate(
    { name: "restated", severity: isMeant || rest.length === 0 ? "warn" : "block" },
    { feed },
    {
      holds: rows === 0n && before.length === 0,
      observed: rest.length === 0 ? changed : `${changed}; ${told.join("; ")}${way}`,
      limit: "rows as they were published",
    },
  );
}

/** Rows that a heal takes out because their source has them no more: above what is declared somebody says why. */
function deletesGate(feed: string, { accounts, limits, isMeant }: HealFacts): Gate {
  const own = accounts.filter((account) => account.feed === feed);
  const gone = add(NOTHING, ...own.map(({ vanished }) => vanished));
  const over = own.filter(({ currency, vanished: { minor } }) => {
    const most = limits.deletedMinor[currency] ?? limits.deletedMinor["*"];
    return most !== undefined && (minor < 0n ? -minor : minor) > BigInt(most);
  });
  const isOver = gone.rows > BigInt(limits.deletes) || over.length > 0;
  const money = over.map(({ currency, vanished }) => `, ${vanished.minor} minor units ${currency}`).join("");
  const way = isOver && !isMeant ? ': say why with `--reason "…"`' : "";
  return gate(
    "healed_deletes",
    { feed },
    {
      holds: !isOver || isMeant,
      observed: `${gone.rows} ${gone.rows === 1n ? "row" : "rows"} taken out${money}${way}`,
      limit: `at most ${limits.deletes} rows and the money of reconcile.heal.deleted_minor`,
    },
  );
}

/** The gates of a heal's feeds beside those of every run. */
export function healGates(facts: HealFacts): Gate[] {
  return facts.restated.flatMap(({ feed }) => [restatedGate(feed, facts), deletesGate(feed, facts)]);
}
