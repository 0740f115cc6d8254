import type { ExtractedFile, Sink } from "../source.ts";
import { rowParts } from "./row-parts.ts";
import type { Session } from "./session.ts";

/** A COPY and where its bytes go. */
export interface CopyOut {
  readonly sql: string;
  readonly name: string;
  readonly sink: Sink;
  readonly onBytes: (bytes: number) => void;
}

async function* counted(chunks: AsyncIterable<Uint8Array>, onBytes: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onBytes(chunk.length);
    yield chunk;
  }
}

/** Streams a COPY into a file, byte for byte. After an error the session is of no more use. */
export async function copyOut(session: Session, { sql, name, sink, onBytes }: CopyOut): Promise<ExtractedFile> {
  const stream = session.copy(sql);
  const written = await sink(name, counted(stream, onBytes));
  // The row count comes with CommandComplete, which may arrive after the last byte: the next answer is behind it.
  await session.rows("select 1");
  return { ...written, rows: stream.rowCount };
}

/**
 * Bytes of a file of rows that came by one COPY, but for its last row. DuckDB reads a file with line breaks in its cells by one thread (1.5.5), so that an
 * hour of 2 M invoices took twice as long to type in one file as in eleven; Snowflake, too, shares work out by files.
 */
export const PART_BYTES = 64 * 1024 * 1024;

/** Streams a COPY of rows with their positions into files, each with the header. After an error the session is of no more use. */
export async function copyOutInParts(
  session: Session,
  { sql, sink, onBytes, nameOf }: Omit<CopyOut, "name"> & { nameOf: (nth: number) => string },
): Promise<ExtractedFile[]> {
  const files: ExtractedFile[] = [];
  for await (const { bytes, rows } of rowParts(counted(session.copy(sql), onBytes), PART_BYTES)) {
    const written = await sink(nameOf(files.length), bytes);
    files.push({ ...written, rows: rows() });
  }
  // What the server refuses behind the last byte comes with the next answer.
  await session.rows("select 1");
  return files;
}
