import { type FileHandle, open } from "node:fs/promises";
import { nextRowStart } from "../../kernel/row-start.ts";

/** How a file is looked into: at each multiple of `step` bytes, so many bytes. */
export interface Probes {
  readonly step: number;
  readonly window: number;
}

async function pieceAt(file: FileHandle, position: number, window: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(window), 0, window, position);
  return buffer.subarray(0, bytesRead);
}

/**
 * Whether a plain row file surely has no row of more than `step + window` bytes, by the few bytes looked into. False says only that
 * all of them have to be read: rows whose first cell has no quotes around it show no ends.
 */
export async function endsOften(path: string, bytes: number, { step, window }: Probes): Promise<boolean> {
  const file = await open(path, "r");
  try {
    for (let at = step; at + window < bytes; at += step) if (nextRowStart(await pieceAt(file, at, window), 0) < 0) return false;
    return true;
  } finally {
    await file.close();
  }
}
