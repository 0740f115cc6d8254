import { asWarning, type Problem } from "../kernel/problem.ts";
import { isWord, sqlTokens } from "../sql/tokens.ts";
import type { Touch } from "./pipeline.ts";
import { inconsistent } from "./problems.ts";
import { type ModelFile, placeIn } from "./read-model.ts";

/**
 * Warns of a SELECT in which NULL equals NULL where joins of `touched_by` say which rows reach which: to these NULL equals nothing, and a row that
 * is joined by its NULL would stay as it was.
 */
export function nullJoins(file: ModelFile, touches: readonly Touch[]): Problem[] {
  if (!touches.some((touch) => "columns" in touch && touch.through !== undefined)) return [];
  const tokens = sqlTokens(file.select) ?? [];
  const found = tokens.filter((token, i) => {
    const [second, third, fourth] = tokens.slice(i + 1, i + 4);
    const isNotDistinct = isWord(token, "is") && isWord(second, "not") && isWord(third, "distinct") && isWord(fourth, "from");
    return isNotDistinct || (isWord(token, "equal_null") && second?.text === "(");
  });
  return found.map(({ at }) => {
    const says = `NULL equals NULL here, and nothing by the joins of touched_by: a row that finds another one by it would not be made again`;
    return asWarning(
      inconsistent(placeIn(file, at), says, "compare by = if rows are joined by it, or say their way by a SELECT over changed"),
    );
  });
}
