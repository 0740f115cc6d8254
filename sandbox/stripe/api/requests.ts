import { openLog, type RequestLog } from "../../simulator/requests.ts";
import type { FaultName } from "../faults.ts";

/** A request that was answered, without its key. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** 0 where there was no answer. */
  readonly status: number;
  readonly version: string;
  /** The clock when it came. */
  readonly at: Date;
  readonly id: string;
  /** How many requests were being answered, this one included. */
  readonly atOnce: number;
  readonly faults: readonly FaultName[];
}

/** All requests since the start, or since the log was emptied. */
export interface Requests extends RequestLog<LoggedRequest> {
  /** How often each object was retrieved by its address, lists not counted. */
  retrieved(): ReadonlyMap<string, number>;
}

/** A log, and the hand that writes into it. */
export function requestLog(): { readonly log: Requests; readonly write: (request: LoggedRequest) => void } {
  const { log, write } = openLog<LoggedRequest>();
  const retrieved = () => {
    const counts = new Map<string, number>();
    for (const { method, path } of log.all()) {
      const id = method === "GET" ? /^\/v1\/[a-z_]+\/([^/]+)$/.exec(path)?.[1] : undefined;
      if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  };
  return { log: { ...log, retrieved }, write };
}
