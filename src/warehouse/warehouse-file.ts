import type { LockHolder } from "../locks/lock-file.ts";

/** What can be said of a warehouse without opening it; an account has no file. */
export interface WarehouseFile {
  readonly kind: string;
  readonly path: string | null;
  readonly exists: boolean;
  readonly bytes: number | null;
  /** Who has it open, as its lock says. */
  readonly locked_by: LockHolder | null;
}

/** What a warehouse file takes on the disk. */
export interface FileUse {
  readonly bytes: number;
  /** Blocks of it that hold nothing. */
  readonly freeBytes: number;
  /** What the disk has left beside it. */
  readonly roomBytes: number;
}
