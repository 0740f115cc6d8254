import type { Pipeline } from "../config/pipeline.ts";
import { readNumbers } from "../ledger/fence.ts";
import { readCursors } from "../ledger/head.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { keepProofs } from "./kept-proofs.ts";
import type { Proof } from "./proof.ts";
import { type ProvenGroup, type ProveScope, proveWarehouse, refuseUnready, scopes } from "./prove.ts";
import { type Contents, type PublishedFeed, readContents } from "./source-contents.ts";
import type { ProvingTools } from "./tools.ts";

export interface ReconcileOptions extends Omit<ProveScope, "pipeline"> {
  readonly signal: AbortSignal;
  /** Told each proof as soon as it is made. */
  readonly tell: (proof: Proof) => void;
  /** Append what came of it to the ledger. */
  readonly keep: boolean;
  /** Told how much of a feed's content has been read of its source. */
  readonly onRead: (feed: string, bytes: number) => void;
}

/** Asked of the warehouse while the work tables of a comparison are there. */
export type AskCompared<T> = (session: Session, dialect: Dialect, groups: readonly ProvenGroup[]) => Promise<T>;

async function inSession<T>(
  { warehouse }: ProvingTools,
  { readOnly, signal }: { readOnly: boolean; signal: AbortSignal },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await warehouse.open({ purpose: "reconcile", readOnly, signal });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** Feeds as they stand before their sources are read. One that still loads, or was never published, has no cursor. */
async function publishedFeeds(session: Session, dialect: Dialect, scope: ProveScope): Promise<PublishedFeed[]> {
  const found: PublishedFeed[] = [];
  for (const { group, feeds } of scopes(scope)) {
    const { head } = await readNumbers(session, dialect, group.name);
    if (head === 0n || feeds.length === 0) continue;
    const { cursors } = await readCursors(session, dialect, { group: group.name, feeds });
    found.push(...feeds.map((feed) => ({ feed, head, cursor: cursors.get(feed.id) ?? null })));
  }
  return found;
}

const NOTHING_READ: Contents = { read: new Map(), failed: new Map(), landed: new Set(), remove: async () => undefined };

async function contentsOf(
  tools: ProvingTools,
  options: ReconcileOptions & { pipeline: Pipeline; id: string },
): Promise<Contents> {
  if (!options.legs.has("R1")) return NOTHING_READ;
  const { dialect } = tools.warehouse;
  const feeds = await inSession(tools, { readOnly: true, signal: options.signal }, async (session) => {
    await refuseUnready(session, dialect, tools.pipeline);
    return publishedFeeds(session, dialect, options);
  });
  return readContents(tools, feeds, options);
}

/**
 * Compares what is published with its sources and with itself. The warehouse is free while sources are read; what is published meanwhile
 * is in flight.
 * @param ask asked at the end, while the work tables are there.
 * @throws Failure `incomplete` where nothing is published or the configuration asks for other tables, `retryable` where a group publishes
 * while the warehouse is compared, or the warehouse is held by somebody else.
 */
export async function reconcile<T>(tools: ProvingTools, options: ReconcileOptions, ask: AskCompared<T>): Promise<T> {
  const { pipeline, warehouse } = tools;
  const scope = { ...options, pipeline, id: tools.ids.next("reconcile") };
  const contents = await contentsOf(tools, scope);
  try {
    const readOnly = contents.read.size + contents.landed.size === 0 && !options.keep;
    return await inSession(tools, { readOnly, signal: options.signal }, async (session) => {
      const groups = await proveWarehouse(session, warehouse.dialect, { ...scope, tools, contents });
      if (options.keep) await keepProofs(session, warehouse.dialect, { tools, id: scope.id, groups });
      return ask(session, warehouse.dialect, groups);
    });
  } finally {
    await contents.remove();
  }
}
