import type { ObjectStore } from "../../src/objects/object-store.ts";
import type { Engine } from "../../src/run/engine.ts";
import type { Ask } from "../../src/store/ask.ts";
import type { Store } from "../../src/store/store.ts";
import type { Session, Warehouse } from "../../src/warehouse/warehouse.ts";

/** The three places a run talks to. */
export type Kind = "warehouse" | "store" | "objects";

/** What happens around every call of a run: `after` when it succeeded, else `failed`. */
export interface Around {
  before(kind: Kind, what: string): void | Promise<void>;
  after(kind: Kind, what: string): void | Promise<void>;
  failed?(kind: Kind, what: string): void;
}

async function guarded<T>(around: Around, on: { kind: Kind; what: string }, call: () => Promise<T>): Promise<T> {
  await around.before(on.kind, on.what);
  let result: T;
  try {
    result = await call();
  } catch (error) {
    around.failed?.(on.kind, on.what);
    throw error;
  }
  await around.after(on.kind, on.what);
  return result;
}

function aroundSession(session: Session, around: Around): Session {
  const on = (what: string) => ({ kind: "warehouse" as const, what });
  return {
    run: (statement) => guarded(around, on(statement.name), () => session.run(statement)),
    rows: (statement) => guarded(around, on(statement.name), () => session.rows(statement)),
    answer: (statement) => guarded(around, on(statement.name), () => session.answer(statement)),
    releaseRaw: (relation) => guarded(around, on(`raw.release.${relation}`), () => session.releaseRaw(relation)),
    loadRaw: (batch) => guarded(around, on(`raw.${batch.feed}`), () => session.loadRaw(batch)),
    transaction: (work) => guarded(around, on("transaction"), () => session.transaction(work)),
    replace: (statements) => guarded(around, on("replace"), () => session.replace(statements)),
    usage: () => session.usage(),
    close: () => session.close(),
  };
}

/** A warehouse with something around each of its statements. */
export function aroundWarehouse(warehouse: Warehouse, around: Around): Warehouse {
  return { dialect: warehouse.dialect, open: async (options) => aroundSession(await warehouse.open(options), around) };
}

/** A control store with something around each of its questions. */
export function aroundStore(store: Store, around: Around): Store {
  const wrap =
    (ask: Ask): Ask =>
    (sql, values) =>
      guarded(around, { kind: "store", what: sql.trim().slice(0, 40) }, () => ask(sql, values));
  return { ...store, ask: wrap(store.ask), inTransaction: (work) => store.inTransaction((ask) => work(wrap(ask))) };
}

/** An object store with something around each of its operations. */
export function aroundObjects(objects: ObjectStore, around: Around): ObjectStore {
  const wrap =
    <A extends unknown[], R>(what: string, call: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      guarded(around, { kind: "objects", what }, () => call(...args));
  return {
    compression: objects.compression,
    put: wrap("put", objects.put),
    putByDigest: wrap("putByDigest", objects.putByDigest),
    putIfAbsent: wrap("putIfAbsent", objects.putIfAbsent),
    getText: wrap("getText", objects.getText),
    digest: wrap("digest", objects.digest),
    size: wrap("size", objects.size),
    list: wrap("list", objects.list),
    remove: wrap("remove", objects.remove),
    url: objects.url,
    local: wrap("local", objects.local),
    describe: wrap("describe", objects.describe),
  };
}

/** An engine with something around all it asks of warehouse, control store and object store. */
export function aroundEngine(engine: Engine, around: Around): Engine {
  return {
    ...engine,
    warehouse: aroundWarehouse(engine.warehouse, around),
    store: aroundStore(engine.store, around),
    objects: aroundObjects(engine.objects, around),
  };
}

/** The n-th call of a kind, counted from 1, and whether it is met before it or after it succeeded. 0 is never met. */
export interface Moment {
  readonly kind: Kind;
  readonly at: number;
  readonly when: "before" | "after";
  /** Only calls of this name count, e.g. `publish.fence`. */
  readonly what?: string;
}

/** Counts the calls of a kind and does something at one of them. */
export function atMoment(moment: Moment, act: () => void | Promise<void>): Around & { readonly count: () => number } {
  const counts = { before: 0, after: 0 };
  const met = (when: Moment["when"]) => (kind: Kind, what: string) => {
    if (kind !== moment.kind || (moment.what !== undefined && what !== moment.what)) return undefined;
    counts[when] += 1;
    return moment.when === when && counts[when] === moment.at ? act() : undefined;
  };
  return { before: met("before"), after: met("after"), count: () => counts[moment.when] };
}
