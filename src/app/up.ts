import type { Pipeline } from "../config/pipeline.ts";
import { BILLING_CLUSTER, CONTROL_CLUSTER, startClusters } from "../embedded/clusters.ts";
import { systemClock } from "../kernel/clock.ts";
import type { UpkeepPort } from "../ports/ports.ts";
import { projectAll } from "../projector/project-all.ts";
import { migrateStore } from "../store/store.ts";
import { withStore } from "./engines.ts";
import { stateFolder, storeUrl } from "./places.ts";
import { warehouseOf } from "./warehouses.ts";

/** A cluster is only started for what has no address of its own. */
function neededClusters({ environment, sources }: Pipeline) {
  const control = environment.controlStore.url === undefined;
  const billing = [...sources.values()].some((source) => source.embedded);
  return [...(control ? [CONTROL_CLUSTER] : []), ...(billing ? [BILLING_CLUSTER] : [])];
}

/** See `UpkeepPort.up`. */
export const up: UpkeepPort["up"] = async (pipeline, onProgress) => {
  const { environment } = pipeline;
  const needed = environment.embedded ? neededClusters(pipeline) : [];
  const clusters = needed.length > 0 ? await startClusters({ state: stateFolder(environment), clusters: needed }) : [];
  const migrations = await migrateStore(await storeUrl(environment));
  const warehouse = await warehouseOf(environment).open();
  const now = systemClock.now();
  const journal = await withStore(pipeline, (store) => projectAll(warehouse, { store, pipeline, now, onProgress }));
  return { clusters, migrations, journal };
};
