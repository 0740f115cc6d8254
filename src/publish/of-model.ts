import type { Model } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { selectFailed } from "./problems.ts";

/**
 * Runs a statement that has a model's own SQL in it. What an engine refuses of that is for the author to mend: repeating it cannot help.
 * @throws Failure `blocked` with the model's place where the engine refused the statement.
 */
export async function ofModel<T>({ table, at }: Model, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const [found] = error instanceof Failure ? error.problems : [];
    if (found?.code !== "warehouse.statement_failed") throw error;
    throw new Failure("blocked", selectFailed({ table, at, says: found.says }), { cause: error });
  }
}
