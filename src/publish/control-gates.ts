import type { ControlTotal, Witness } from "../sources/source.ts";
import type { Amount } from "../warehouse/measured.ts";
import { type Account, add, isSame, NOTHING, readOf, subtract } from "./accounts.ts";
import { type Gate, gate, severeGate } from "./gate.ts";

/** What a witness counted of one feed's extract. */
export interface Counted {
  readonly feed: string;
  readonly witness: Witness;
  readonly totals: readonly ControlTotal[];
}

const LIMITS: Readonly<Record<Witness, string>> = {
  source: "equal to the source, 0 off",
  second_read: "equal to a second read of the source, 0 off",
  trailer: "equal to the sender's trailer, 0 off",
  none: "reported: nobody counted",
};

function byCurrency(accounts: readonly Account[]): string[] {
  return accounts
    .map((a) => ({ a, read: readOf(a), unreadable: a.unreadable.read - a.unreadable.source }))
    .filter(({ a, read, unreadable }) => !isSame(read, a.extracted) || unreadable !== 0n)
    .map(({ a, read, unreadable }) => {
      const { rows, minor } = subtract(read, a.extracted);
      return `${a.currency}: ${rows} rows, ${minor} minor, ${unreadable} unreadable`;
    });
}

function sumOf(totals: readonly ControlTotal[]): Amount {
  return totals.reduce((sum, t) => add(sum, { rows: BigInt(t.rows), minor: BigInt(t.minor ?? 0) }), NOTHING);
}

/** What was read beyond what was counted; only rows, where records were counted alone. */
function beyond(accounts: readonly Account[], totals: readonly ControlTotal[]): Amount {
  const off = subtract(add(...accounts.map(readOf)), sumOf(totals));
  return totals.some(({ minor }) => minor === null) ? { ...off, minor: 0n } : off;
}

/** What was read beyond what a trailer says, of each currency that it names; a sum without currency is one over all. */
function beyondTrailer(accounts: readonly Account[], totals: readonly ControlTotal[]): (Amount & { readonly of: string })[] {
  const names = new Set([...accounts, ...totals].map(({ currency }) => currency));
  if (names.has("*")) return [{ of: "", ...beyond(accounts, totals) }];
  return [...names].map((name) => {
    const isOf = ({ currency }: { readonly currency: string }) => currency === name;
    return { of: `${name}: `, ...beyond(accounts.filter(isOf), totals.filter(isOf)) };
  });
}

/**
 * A trailer counts records, malformed ones too, which have no currency. Its sums are compared where every amount can be read; else
 * the differences are told beside the number of those that cannot.
 */
function againstTrailer(accounts: readonly Account[], { feed, totals }: Counted): Gate {
  const unreadable = accounts.reduce((sum, a) => sum + a.unreadable.read, 0n);
  const off = beyondTrailer(accounts, totals).filter((amount) => !isSame(amount, NOTHING));
  const told = off.map(({ of, rows, minor }) => `${of}${rows} rows, ${minor} minor`);
  const observed = [...told, ...(told.length > 0 && unreadable > 0n ? [`${unreadable} unreadable`] : [])].join(", ") || "equal";
  const holds = off.length === 0 || (unreadable > 0n && add(...off).rows === 0n);
  return gate("control_totals", { feed }, { holds, observed, limit: LIMITS.trailer });
}

function controlGate(accounts: readonly Account[], counted: Counted): Gate {
  const { feed, witness } = counted;
  const limit = LIMITS[witness];
  if (witness === "trailer") return againstTrailer(accounts, counted);
  if (witness === "none") {
    const observed = `${add(...accounts.map(readOf)).rows} rows were read`;
    return severeGate({ name: "control_totals", severity: "warn" }, { feed }, { holds: false, observed, limit });
  }
  const off = byCurrency(accounts);
  return gate("control_totals", { feed }, { holds: off.length === 0, observed: off.join("; ") || "equal", limit });
}

/** What witnesses counted against what was read; one gate per extracted feed, which says who counted. */
export function controlTotalGates(accounts: readonly Account[], counted: readonly Counted[]): Gate[] {
  return counted.map((of) =>
    controlGate(
      accounts.filter((a) => a.feed === of.feed),
      of,
    ),
  );
}
