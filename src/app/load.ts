import { type LoadOptions, loadPipeline } from "../config/load.ts";
import { SOURCE_KINDS } from "./sources.ts";

/** Loads a pipeline whose sources may be of the kinds that this program reads. */
export function load(options: Omit<LoadOptions, "kinds">): ReturnType<typeof loadPipeline> {
  return loadPipeline({ ...options, kinds: SOURCE_KINDS });
}
