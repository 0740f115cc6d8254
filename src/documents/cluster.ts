import type { ClusterStatus } from "../embedded/clusters.ts";

/** A cluster without its address, which holds a password. */
export function clusterDocument(status: ClusterStatus): Omit<ClusterStatus, "url"> {
  const { name, state, port, pid, data, log } = status;
  return { name, state, port, pid, data, log };
}
