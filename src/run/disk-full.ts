import { Failure } from "../kernel/problem.ts";
import { diskFull } from "./problems.ts";

/** How the operating system, Node and the warehouse's engine say that a file could not grow, or a temporary file could not. */
const FULL = /ENOSPC|EDQUOT|EFBIG|No space left on device|Disk quota exceeded|File too large|max_temp_directory_size/;

function saysFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return FULL.test(error.message) || saysFull(error.cause);
}

/** An error that a full disk is behind, wherever it was met, as the one failure that says so; any other stays itself. */
export function unlessDiskFull(error: unknown): unknown {
  return saysFull(error) ? new Failure("retryable", diskFull(), { cause: error }) : error;
}
