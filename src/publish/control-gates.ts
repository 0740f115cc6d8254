import type { ControlTotal, Witness } from "../sources/source.ts";
import { type Account, type Amount, add, isSame, NOTHING, subtract } from "./accounts.ts";
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

/** Rows, money and unreadable rows per currency, as they were labelled. */
const readOf = (a: Account) => add(...Object.values(a.flow));

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
  return totals.reduce((sum, t) => add(sum, { rows: BigInt(t.rows), minor: BigInt(t.minor) }), NOTHING);
}

/**
 * A trailer counts records, malformed ones too. Its sum is compared where every amount can be read; else the difference is told
 * beside the number of those that cannot.
 */
function againstTrailer(accounts: readonly Account[], { feed, totals }: Counted): Gate {
  const read = add(...accounts.map(readOf));
  const unreadable = accounts.reduce((sum, a) => sum + a.unreadable.read, 0n);
  const { rows, minor } = subtract(read, sumOf(totals));
  const observed =
    rows === 0n && minor === 0n ? "equal" : `${rows} rows, ${minor} minor${unreadable > 0n ? `, ${unreadable} unreadable` : ""}`;
  const holds = rows === 0n && (minor === 0n || unreadable > 0n);
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
