import { join } from "node:path";
import { fileObjectStore } from "../../src/objects/file/file-object-store.ts";
import { TERMS } from "../../src/proofs/terms.ts";
import type { FeedTerms } from "../../src/reconcile/feed-terms.ts";
import { feedTerms } from "../../src/reconcile/feed-terms.ts";
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
