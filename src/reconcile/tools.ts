import type { Feed, Pipeline, Source } from "../config/pipeline.ts";
import type { Clock, Ids, Timer } from "../kernel/clock.ts";
import type { ObjectInventory } from "../objects/object-store.ts";
import type { SourceReader } from "../sources/source.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";

/** What a comparison works with. It needs no control store: it can be made while that is away. */
export interface ProvingTools {
  /** With the addresses that its sources have now. */
  readonly pipeline: Pipeline;
  readonly warehouse: Warehouse;
  readonly objects: ObjectInventory;
  /** Whether the source of a feed computes the content of its rows; else the feed is held beside what was landed of it. */
  readonly hasContents: (feed: Feed) => boolean;
  readonly readerOf: (source: Source) => Promise<SourceReader>;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly ids: Ids;
  readonly codeVersion: string;
  readonly actor: string;
}
