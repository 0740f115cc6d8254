import type { HealedHow, HealedLine } from "../checks/healed.ts";
import type { RestatedRows } from "../checks/restated.ts";
import type { HealLimits } from "../config/pipeline.ts";
import { grouped } from "../kernel/grouped.ts";
import { type Amount, amountText } from "../warehouse/measured.ts";
import { type Account, add, isSame, NOTHING, subtract } from "./accounts.ts";
import { type Gate, gate, severeGate } from "./gate.ts";
import { type Recounted, type StockDifference, stockDifferences } from "./restated-gates.ts";

/** What a heal is judged by beside what every run is. */
export interface HealFacts {
  readonly restated: readonly RestatedRows[];
  readonly healed: readonly HealedLine[];
  readonly recounted: Recounted | null;
  readonly accounts: readonly Account[];
  readonly limits: HealLimits;
  /** Somebody says why more may happen than is declared. */
  readonly isMeant: boolean;
}

/** Rows and money in one currency that stand of a feed and that the ledger did not leave; negative where they are missing. */
type Strange = Amount & { readonly currency: string };

/**
 * What another hand has done to a feed beside the keys that are healed: what stands less what the ledger left, and what the heal restores of it.
 * Rows that come or go by the heal may be what another hand has taken out or invented, or what the source has done since: they are taken
 * for the one or the other all together, as it leaves nothing, and for the first where neither does.
 */
function beside(feed: string, facts: HealFacts, before: readonly StockDifference[]): Strange[] {
  const of = (how: HealedHow) => facts.healed.filter((line) => line.feed === feed && line.how === how);
  const gone = facts.accounts.filter((a) => a.feed === feed).map(({ currency, vanished }) => ({ currency, ...vanished }));
  const [restored, appeared, vanished] = [
    of("restored"),
    of("appeared"),
    gone.map((line) => ({ ...line, ...subtract(NOTHING, line) })),
  ];
  const hand = before.map(({ currency, left, right }) => ({ currency, ...subtract(left, right) }));
  const readings = [[...appeared, ...vanished], appeared, vanished, []].map((also) => strange([...hand, ...restored, ...also]));
  return readings.find((rest) => rest.length === 0) ?? readings[0] ?? [];
}

/** The sums by currency, those of nothing left out. */
function strange(lines: readonly Strange[]): Strange[] {
  return [...grouped(lines, ({ currency }) => currency)]
    .map(([currency, own]) => ({ currency, ...add(...own) }))
    .filter((sum) => !isSame(sum, NOTHING));
}

function changesText(rows: bigint, hasOtherStock: boolean): string {
  if (rows > 0n) return `${rows} published ${rows === 1n ? "row was" : "rows were"} changed by another hand`;
  return hasOtherStock ? "published rows came or went by another hand" : "as published";
}

/**
 * What another hand has changed of a feed beside what its heal puts right. What stands of the feed may be other than the ledger left it by
 * what is healed alone: else something stays that no key of it explains, and the ledger would take it for published. It blocks until somebody says why.
 */
function restatedGate(feed: string, facts: HealFacts): Gate {
  const { rows } = facts.restated.find((found) => found.feed === feed) ?? { rows: 0n };
  const before = facts.recounted === null ? [] : stockDifferences(facts.recounted, feed);
  const rest = facts.recounted === null ? [] : beside(feed, facts, before);
  const told = rest.map((sum) => `${sum.currency}: ${amountText(sum)}`).join("; ");
  const way = facts.isMeant ? "" : '; heal what else differs with it, or say why with `--reason "…"`';
  const changed = changesText(rows, before.length > 0);
  return severeGate(
    { name: "restated", severity: facts.isMeant || rest.length === 0 ? "warn" : "block" },
    { feed },
    {
      holds: rows === 0n && before.length === 0,
      observed:
        rest.length === 0 ? changed : `${changed}; beside what is healed the table differs from the ledger by ${told}${way}`,
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

/** A reader that was asked for keys gives rows of these alone: of another key nobody has decided anything, and no reason makes it one. */
function unaskedGate(feed: string, { healed }: HealFacts): Gate {
  const others = add(NOTHING, ...healed.filter((line) => line.feed === feed && line.how === "unasked"));
  return gate(
    "healed_unasked",
    { feed },
    {
      holds: others.rows === 0n,
      observed: `${others.rows} ${others.rows === 1n ? "row" : "rows"} of keys that nobody asked for`,
      limit: "0 rows",
    },
  );
}

/** The gates of a heal's feeds beside those of every run. */
export function healGates(facts: HealFacts): Gate[] {
  return facts.restated.flatMap(({ feed }) => [restatedGate(feed, facts), deletesGate(feed, facts), unaskedGate(feed, facts)]);
}
