import type { Amount } from "../warehouse/measured.ts";
import { type Account, add, isSame, RELEASE_CLASSES, readOf, subtract } from "./accounts.ts";
import { type Gate, gate } from "./gate.ts";

/** One identity of one account: both sides, which must be equal in rows and in minor units. */
interface Identity {
  readonly name: "flow" | "pool" | "stock" | "quarantine";
  readonly left: Amount;
  readonly right: Amount;
}

function identitiesOf(a: Account): Identity[] {
  return [
    { name: "flow", left: a.extracted, right: readOf(a) },
    {
      name: "pool",
      left: add(a.pool.opening, a.newlyHeld),
      right: add(
        ...RELEASE_CLASSES.map((name) => a.pool.released[name]),
        a.pool.superseded,
        a.pool.vanished,
        a.pool.expired,
        a.pool.closing,
      ),
    },
    {
      name: "stock",
      left: a.stock.after,
      right: subtract(add(a.stock.before, a.stock.inserted, a.stock.updated), add(a.stock.replaced, a.vanished)),
    },
    {
      name: "quarantine",
      left: add(a.quarantine.before, a.newlyQuarantined, a.quarantine.fromHeld),
      right: add(a.quarantine.closed, a.quarantine.after),
    },
  ];
}

const LIMIT = "0 rows and 0 minor units off";

/** The conservation gates: one for each identity that holds over all feeds and currencies, else one for each account that is off. */
export function identityGates(accounts: readonly Account[]): Gate[] {
  const names = ["flow", "pool", "stock", "quarantine"] as const;
  return names.flatMap((name): Gate[] => {
    const off = accounts.flatMap((a) =>
      identitiesOf(a)
        .filter((i) => i.name === name && !isSame(i.left, i.right))
        .map(({ left, right }) => ({ about: { feed: a.feed, currency: a.currency }, by: subtract(left, right) })),
    );
    if (off.length === 0) return [gate(`identity_${name}`, {}, { holds: true, observed: "0 off", limit: LIMIT })];
    return off.map(({ about, by }) =>
      gate(`identity_${name}`, about, { holds: false, observed: `${by.rows} rows, ${by.minor} minor`, limit: LIMIT }),
    );
  });
}
