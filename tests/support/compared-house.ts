import { join } from "node:path";
import type { Feed } from "../../src/config/pipeline.ts";
import { readNumbers } from "../../src/ledger/fence.ts";
import { readCursors } from "../../src/ledger/head.ts";
import { fileObjectStore } from "../../src/objects/file/file-object-store.ts";
import { keysOf, TERMS } from "../../src/proofs/terms.ts";
import type { Extent } from "../../src/reconcile/extent.ts";
import type { FeedTerms, ListedTerm } from "../../src/reconcile/feed-terms.ts";
import { feedTerms } from "../../src/reconcile/feed-terms.ts";
import { proveSource } from "../../src/reconcile/source.ts";
import { readContents, removeContents } from "../../src/reconcile/source-contents.ts";
import type { ProvingTools } from "../../src/reconcile/tools.ts";
import { type House, openHouse } from "./engine.ts";

const COMPARED = join(import.meta.dirname, "../fixtures/pipelines/compared");

/** A house over tables of every type, which are compared with what is published of them. */
export function openComparedHouse(): Promise<House> {
  return openHouse({ directory: COMPARED, ddl: join(COMPARED, "source.sql"), urlVariable: "APP_URL" });
}

/** What a comparison of a house works with. */
export function provingTools({ engine }: Pick<House, "engine">): ProvingTools {
  const { pipeline, warehouse, readerOf, clock, timer, ids, codeVersion, actor } = engine;
  const { objectStore } = pipeline.environment;
  if (objectStore.kind !== "file") throw new Error("not a folder");
  const objects = fileObjectStore(objectStore.path);
  return { pipeline, warehouse, objects, hasContents: () => true, readerOf, clock, timer, ids, codeVersion, actor };
}

/** What a part of a feed is compared by: its days may change, which no posting date of a run's may. */
function dated(tools: ProvingTools, { id }: Feed): Feed {
  const feed = tools.pipeline.feeds.get(id);
  if (!feed) throw new Error(`there is no feed ${id}`);
  return { ...feed, postingDate: "day" };
}

/** Compares an extent of a feed of a house with its source, all keys of all terms. */
export async function comparedPart(house: Pick<House, "engine">, named: Feed, extent: Extent): Promise<FeedTerms> {
  const tools = provingTools(house);
  const feed = dated(tools, named);
  const { dialect } = tools.warehouse;
  const session = await tools.warehouse.open({ purpose: "test" });
  const reading = {
    id: "reconcile_part",
    nth: 1,
    signal: new AbortController().signal,
    onRead: () => undefined,
    onStatement: () => undefined,
  };
  try {
    const { head } = await readNumbers(session, dialect, feed.group);
    const { cursors } = await readCursors(session, dialect, { group: feed.group, feeds: [feed] });
    const beside = await readContents(tools, { feed, head, cursor: cursors.get(feed.id) ?? null }, { ...reading, extent });
    if (beside.by !== "content") throw new Error(`its source was not read: ${JSON.stringify(beside)}`);
    const found = await proveSource({ session, dialect, tools, id: reading.id }, beside.content);
    const proof = { ...found, chosen: { tier: "T4", extent } as const };
    const listed: ListedTerm[] = [];
    const namedIn = proof.equation?.namedIn ?? "both";
    for (const term of TERMS) listed.push({ term, ...(await keysOf(session, dialect, { feed, namedIn, term, limit: 10_000 })) });
    return { proof, listed };
  } finally {
    await session.close();
    await removeContents(tools, feed, reading);
  }
}

/** Compares a feed of a house with its source, all keys of all terms. */
export function compared(house: Pick<House, "engine">, feed: string): Promise<FeedTerms> {
  return feedTerms(provingTools(house), {
    feed,
    terms: TERMS,
    limit: 10_000,
    signal: new AbortController().signal,
    tell: () => undefined,
    onRead: () => undefined,
  });
}
