import type { RequestLog } from "../../simulator/requests.ts";
import type { FaultName, Target } from "../faults.ts";

/** A request that was answered, without its token. */
export interface LoggedRequest extends Target {
  readonly method: string;
  /** 0 where there was no answer. */
  readonly status: number;
  /** The clock when it came. */
  readonly at: Date;
  /** The id of the app that made it; null where nobody was signed in. */
  readonly app: string | null;
  readonly faults: readonly FaultName[];
}

/** All requests since the start, or since the log was emptied. */
export type Requests = RequestLog<LoggedRequest>;
