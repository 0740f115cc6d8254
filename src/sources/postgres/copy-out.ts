import type { ExtractedFile, Sink } from "../source.ts";
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
