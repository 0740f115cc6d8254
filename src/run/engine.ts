import type { Pipeline, Source } from "../config/pipeline.ts";
import type { Clock, Ids, Timer } from "../kernel/clock.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import type { SourceReader } from "../sources/source.ts";
import type { Store } from "../store/store.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import type { RunEvent } from "./events.ts";

/** What a run works with once it has begun: neither source nor control store. */
export interface RunTools {
  readonly pipeline: Pipeline;
  readonly warehouse: Warehouse;
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly codeVersion: string;
  readonly actor: string;
}

/** Everything a run works with. Adapters, time and identity are given; nothing here names a product. */
export interface Engine extends RunTools {
  /** Reads the pipeline folder again: what is published must have been labelled by what is in force then. */
  readonly reread: () => Pipeline;
  readonly store: Store;
  readonly readerOf: (source: Source) => Promise<SourceReader>;
  readonly timer: Timer;
  readonly ids: Ids;
  readonly emit: (event: RunEvent) => void;
}
