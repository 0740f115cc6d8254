/** How the operating system, Node and the warehouse's engine say that a file could not grow, or a temporary file could not. */
const FULL = /ENOSPC|EDQUOT|EFBIG|No space left on device|Disk quota exceeded|File too large|max_temp_directory_size/;

/** Whether a full disk is behind an error, wherever it was met. */
export function saysDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return FULL.test(error.message) || saysDiskFull(error.cause);
}
