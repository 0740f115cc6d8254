import { cannotCompose } from "../checks/composing.ts";
import { type LoadOptions, loadPipeline } from "../config/load.ts";
import { Failure } from "../kernel/problem.ts";
import { SOURCE_KINDS } from "./sources.ts";
import { sqlOf } from "./warehouses.ts";

/**
 * Loads a pipeline whose sources may be of the kinds that this program reads.
 * @throws Failure `usage` with every problem found; with the rules that the environment's warehouse cannot judge, where there is no other.
 */
export function load(options: Omit<LoadOptions, "kinds">): ReturnType<typeof loadPipeline> {
  const loaded = loadPipeline({ ...options, kinds: SOURCE_KINDS });
  const { pipeline } = loaded;
  const problems = cannotCompose(sqlOf(pipeline.environment.warehouse.kind), pipeline);
  if (problems.length > 0) throw new Failure("usage", problems);
  return loaded;
}
