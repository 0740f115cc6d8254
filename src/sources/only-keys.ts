import type { Feed } from "../config/pipeline.ts";
import type { KeyTexts } from "./contents.ts";
import { landedText } from "./landed-text.ts";
import type { RowFiles, Sink } from "./source.ts";

/** Writes down which keys were asked for: it is evidence, and what is complete is judged by it. */
export async function landOnly(sink: Sink, { sourceKey }: Feed, keys: KeyTexts): Promise<RowFiles> {
  const text = landedText(sourceKey, keys);
  const written = await sink("only-000.csv", text.bytes);
  return { files: [{ ...written, rows: text.rows() }], columns: sourceKey, rows: text.rows() };
}
