import { SOURCE_KINDS } from "../../src/app/sources.ts";
import { type LoadOptions, loadPipeline as load } from "../../src/config/load.ts";

/** Loads a pipeline folder with all kinds of sources that the program has. */
export function loadPipeline(options: Omit<LoadOptions, "kinds">): ReturnType<typeof load> {
  return load({ ...options, kinds: SOURCE_KINDS });
}
