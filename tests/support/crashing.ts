import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileObjectStore } from "../../src/objects/file/file-object-store.ts";
import type { ObjectStore } from "../../src/objects/object-store.ts";
import type { Engine } from "../../src/run/engine.ts";
import type { Ask, Store } from "../../src/store/store.ts";
import { duckdbWarehouse } from "../../src/warehouse/duckdb/warehouse.ts";
import type { Session, TextRow, Warehouse } from "../../src/warehouse/warehouse.ts";
import type { House } from "./engine.ts";

/** Where a run is made to fail. */
export type Kind = "warehouse" | "store" | "objects";

/** Counts calls and throws at the n-th; n = 0 only counts. */
interface Fuse {
  readonly at: number;
  count: number;
}

class Crash extends Error {}

function burn(fuse: Fuse): void {
  fuse.count += 1;
  if (fuse.count === fuse.at) throw new Crash(`failed at call ${fuse.at}`);
}

function fusedSession(session: Session, fuse: Fuse): Session {
  return {
    ...session,
    run: async (statement) => {
      burn(fuse);
      return session.run(statement);
    },
    rows: async (statement) => {
      burn(fuse);
      return session.rows(statement);
    },
    loadRaw: async (batch) => {
      burn(fuse);
      return session.loadRaw(batch);
    },
  };
}

function fusedWarehouse(warehouse: Warehouse, fuse: Fuse): Warehouse {
  return { dialect: warehouse.dialect, open: async (options) => fusedSession(await warehouse.open(options), fuse) };
}

function fusedStore(store: Store, fuse: Fuse): Store {
  const guarded =
    (ask: Ask): Ask =>
    (sql, values) => {
      burn(fuse);
      return ask(sql, values);
    };
  return { ...store, ask: guarded(store.ask), inTransaction: (work) => store.inTransaction((ask) => work(guarded(ask))) };
}

function fusedObjects(objects: ObjectStore, fuse: Fuse): ObjectStore {
  const guard =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      burn(fuse);
      return call(...args);
    };
  return {
    put: guard(objects.put),
    putIfAbsent: guard(objects.putIfAbsent),
    getText: guard(objects.getText),
    digest: guard(objects.digest),
    list: guard(objects.list),
    remove: guard(objects.remove),
    path: objects.path,
  };
}

const PROJECTION = [
  "select entry_id, account_id, amount, currency, memo, deleted_at is null as live from curated.entry order by all",
  "select account_id, name, deleted_at is null as live from curated.account order by all",
  "select id, entry_id, amount, _minor, _currency, _deleted_at is null as live from staging.app_entries__rows order by all",
  "select feed, kind, source_key, business_key, reasons, copies, payload from ops.open_quarantine order by all",
  "select feed, currency, class, sum(row_count) as n, sum(minor) as m from ops.flow where class not in ('extracted', 'unchanged') group by all order by all",
  "select feed, count(*) as batches from ops.batch group by all order by all",
  "select count(*) as n, max(number) as head from ops.publication",
];

async function project(warehouse: Warehouse): Promise<TextRow[][]> {
  const session = await warehouse.open({ purpose: "projection", readOnly: true });
  try {
    const found: TextRow[][] = [];
    for (const sql of PROJECTION) found.push(await session.rows({ name: "projection", sql }));
    return found;
  } finally {
    await session.close();
  }
}

const HOUR = { start: new Date("2026-11-01T00:00:00Z"), end: new Date("2026-11-01T01:00:00Z") };

/** What a run that failed at its n-th call of a kind left, after it was repeated; and whether it got that far at all. */
export interface Repeated {
  readonly reached: boolean;
  /** How often it had to be repeated. */
  readonly repetitions: number;
  readonly projection: TextRow[][];
}

/** Runs one window in an empty warehouse, fails its n-th call, and repeats the command until it succeeds. */
export async function failAt(house: House, kind: Kind, at: number): Promise<Repeated> {
  const folder = mkdtempSync(join(house.folder, "crash-"));
  const warehouse = duckdbWarehouse({ path: join(folder, "wh.duckdb"), memoryLimit: "256MB" });
  const objects = await fileObjectStore(join(folder, "objects"));
  const fuse: Fuse = { at, count: 0 };
  const broken: Partial<Engine> = {
    warehouse: kind === "warehouse" ? fusedWarehouse(warehouse, fuse) : warehouse,
    store: kind === "store" ? fusedStore(house.store, fuse) : house.store,
    objects: kind === "objects" ? fusedObjects(objects, fuse) : objects,
  };
  const attempt = async (engine: Partial<Engine>) => {
    try {
      return (await house.run({ window: HOUR }, engine)).report?.exit_code === 0;
    } catch (error) {
      if (error instanceof Crash) return false;
      throw error;
    }
  };
  let done = await attempt(broken);
  let repetitions = 0;
  while (!done && repetitions < 3) {
    repetitions += 1;
    // A lease that could not be given back runs out; here without the wait.
    await house.store.ask("update ledgerloop.lease set expires_at = clock_timestamp()");
    done = await attempt({ warehouse, objects });
  }
  const projection = await project(warehouse);
  rmSync(folder, { recursive: true });
  return { reached: fuse.count >= at, repetitions, projection };
}
