import type { Source } from "../../../config/pipeline.ts";
import type { ReadTools } from "../../../s3/version.ts";
import { csvSettings } from "../csv-kind.ts";
import type { FilePlace } from "./file-place.ts";
import { filesInFolder } from "./folder.ts";
import { filesInS3 } from "./s3-files.ts";

/** Opens where the files of a source are; nothing is asked yet. */
export function openPlace(source: Pick<Source, "id" | "kind" | "settings">, tools: ReadTools): FilePlace {
  const { location } = csvSettings(source);
  return location.kind === "folder" ? filesInFolder(source.id, location.folder) : filesInS3(source.id, location, tools);
}

/** Opens where the files of a source are, for one use. */
export async function withPlace<T>(source: Source, tools: ReadTools, work: (place: FilePlace) => Promise<T>): Promise<T> {
  const place = openPlace(source, tools);
  try {
    return await work(place);
  } finally {
    await place.close();
  }
}
