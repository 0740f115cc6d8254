import type { Source } from "../config/pipeline.ts";
import type { SourceReader } from "../sources/source.ts";
import type { Run } from "./run.ts";

/** Does work with a source's reader, which is closed after it. */
export async function withReader<T>({ engine }: Run, source: Source, work: (reader: SourceReader) => T | Promise<T>): Promise<T> {
  const reader = await engine.readerOf(source);
  try {
    return await work(reader);
  } finally {
    await reader.close();
  }
}
