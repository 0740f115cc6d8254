import { saysDiskFull } from "../kernel/disk-full.ts";
import { Failure } from "../kernel/problem.ts";
import { diskFull } from "./problems.ts";

/** An error that a full disk is behind, wherever it was met, as the one failure that says so; any other stays itself. */
export function unlessDiskFull(error: unknown): unknown {
  return saysDiskFull(error) ? new Failure("retryable", diskFull(), { cause: error }) : error;
}
