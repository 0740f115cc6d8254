import type { KeyPassFound, MissedRows } from "../checks/missing-keys.ts";
import type { NetMisses } from "../checks/net-misses.ts";
import type { Feed } from "../config/pipeline.ts";
import { type Gate, gate, severeGate } from "./gate.ts";
import type { LimitsOf } from "./gates.ts";

function missingGate({ feed, missing, examples: named }: KeyPassFound, limit: number): Gate {
  const rest = missing > BigInt(named.length) ? " and others" : "";
  const observed =
    missing === 0n
      ? "0 keys"
      : `${missing} keys of the source are neither published nor waiting (${named.join("; ")}${rest}): \`ledgerloop run --full --reason 'missing keys' --feeds ${feed}\` brings them`;
  const severity = missing <= BigInt(limit) ? "warn" : "block";
  return severeGate({ name: "missing_keys", severity }, { feed }, { holds: missing === 0n, observed, limit: `at most ${limit}` });
}

function duplicateGate({ feed, keys, distinct }: KeyPassFound): Gate {
  const twice = keys - distinct;
  const observed =
    twice === 0n
      ? `${keys} keys`
      : `${twice} of ${keys} source keys repeat another one: give each row a key of its own at the source`;
  return gate("duplicate_source_keys", { feed }, { holds: twice === 0n, observed, limit: "each key once" });
}

/** What the passes over all keys say of each feed. */
export function keyPassGates(found: readonly KeyPassFound[], limitsOf: LimitsOf): Gate[] {
  return found.flatMap((pass) => [duplicateGate(pass), missingGate(pass, limitsOf(pass.feed).missingKeys)]);
}

/** What whole reads say of the increments before them. */
export function missedGates(missed: readonly MissedRows[]): Gate[] {
  return missed.map(({ feed, inserted, updated }) =>
    gate(
      "missed_rows",
      { feed },
      {
        holds: inserted + updated === 0n,
        observed: `below the cursor ${inserted} rows were inserted and ${updated} updated`,
        limit: "reported: increments had missed them",
      },
    ),
  );
}

/** What one net found that hourly runs had missed; nothing of what never changes may differ. */
function netGate(immutable: boolean, { feed, inserted, updated, vanished, examples }: NetMisses): Gate {
  const rows = inserted + updated + vanished;
  const rest = rows > BigInt(examples.length) ? " and others" : "";
  const counted = `${inserted} rows were inserted, ${updated} updated and ${vanished} vanished which hourly runs had not brought`;
  const found = rows === 0n ? "as published" : `${counted} (${examples.join(", ")}${rest})`;
  if (!immutable) return gate("missed_rows", { feed }, { holds: rows === 0n, observed: found, limit: "reported: 0 rows" });
  const way = `: \`ledgerloop run --full --reason 'second read' --feeds ${feed}\` reads everything of it`;
  return gate(
    "second_read",
    { feed },
    { holds: rows === 0n, observed: rows === 0n ? found : `${found}${way}`, limit: "equal to what is published, 0 rows off" },
  );
}

/** What nets say of the hourly runs before them. */
export function netGates(misses: readonly NetMisses[], feedOf: (id: string) => Pick<Feed, "nets"> | undefined): Gate[] {
  return misses.map((found) => netGate(feedOf(found.feed)?.nets?.immutable ?? false, found));
}
