import { resolve } from "node:path";
import type { ClusterStatus } from "../embedded/clusters.ts";
import { shellWord } from "../kernel/shell-word.ts";

/** A cluster as it is told: without its address, which holds a password. */
export interface ClusterDocument extends Pick<ClusterStatus, "name" | "state" | "port" | "pid" | "data" | "log"> {
  /** A line for a shell that opens it; null where it does not run. */
  readonly connect: string | null;
}

/** psql's command line; the password is read from the cluster's record when the line is run, and stands in no list of processes. */
function connectLine({ record, port, database }: ClusterStatus): string {
  const read = shellWord(`require(${JSON.stringify(resolve(record))}).password`);
  return `PGPASSWORD=$(node -p ${read}) psql -h 127.0.0.1 -p ${port} -U postgres ${database}`;
}

/** A cluster, and how it is opened. */
export function clusterDocument(status: ClusterStatus): ClusterDocument {
  const { name, state, port, pid, data, log } = status;
  return { name, state, port, pid, data, log, connect: state === "running" ? connectLine(status) : null };
}
