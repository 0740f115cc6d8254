import type { Pipeline, Source } from "../config/pipeline.ts";
import type { Clock, Ids } from "../kernel/clock.ts";
import type { Window } from "../kernel/window.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import type { SourceReader } from "../sources/source.ts";
import type { Store } from "../store/store.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import type { RunEvent } from "./events.ts";

/** Everything a run works with. Adapters, time and identity are given; nothing here names a product. */
export interface Engine {
  readonly pipeline: Pipeline;
  /** Reads the pipeline folder again: what is published must have been labelled by what is in force then. */
  readonly reread: () => Pipeline;
  readonly warehouse: Warehouse;
  readonly store: Store;
  readonly objects: ObjectStore;
  readonly readerOf: (source: Source) => Promise<SourceReader>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly codeVersion: string;
  readonly actor: string;
  readonly emit: (event: RunEvent) => void;
}

/** What `ledgerloop run` was asked for. */
export interface RunRequest {
  readonly group: string;
  readonly window: Window | null;
  /** Feed ids; null for all feeds of the group. */
  readonly feeds: readonly string[] | null;
  readonly full: boolean;
  readonly keys: boolean;
  readonly sameExtract: boolean;
  /** Batch id to replay. */
  readonly replay: string | null;
  /** Published columns that no contract names any more and whose loss somebody accepts, as `curated.table.column`. */
  readonly acceptRemoved?: readonly string[];
  /** A full refresh over more rows than the environment declares is meant; needs a reason. */
  readonly allowCost?: boolean;
  readonly reason: string | null;
  readonly ticket: string | null;
}

/** The kind of a run, as the journal names it. */
export function kindOf(request: RunRequest): "increment" | "full" | "keys" | "replay" {
  if (request.replay !== null) return "replay";
  if (request.full) return "full";
  return request.keys ? "keys" : "increment";
}
