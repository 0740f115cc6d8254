import type { Pipeline, Source } from "../config/pipeline.ts";
import type { Ids, Timer } from "../kernel/clock.ts";
import type { SourceReader } from "../sources/source.ts";
import type { Store } from "../store/store.ts";
import type { RunEvent } from "./events.ts";
import type { RunTools } from "./run.ts";

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
