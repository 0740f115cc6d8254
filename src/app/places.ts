import { tmpdir, userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Environment } from "../config/pipeline.ts";
import { CONTROL_CLUSTER, clusterUrl } from "../embedded/clusters.ts";

/** Where this machine keeps what belongs to an environment. One whose stores are all elsewhere only needs room for copies. */
export function stateFolder({ warehouse, objectStore, name }: Environment): string {
  if (warehouse.kind === "duckdb") return dirname(warehouse.path);
  return objectStore.kind === "file" ? dirname(objectStore.path) : join(tmpdir(), `ledgerloop-${userInfo().uid}-${name}`);
}

/** The address of an environment's control store. */
export async function storeUrl(environment: Environment): Promise<string> {
  return environment.controlStore.url ?? clusterUrl(stateFolder(environment), CONTROL_CLUSTER.name);
}

/** Where this machine keeps what belongs to simulators, which are of no pipeline: below a state folder where one is named. */
export function sandboxFolder(state: string | undefined): string {
  return state === undefined ? join(tmpdir(), `ledgerloop-${userInfo().uid}-sandbox`) : join(resolve(state), "sandbox");
}
