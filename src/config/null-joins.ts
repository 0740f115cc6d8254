import { asWarning, type Problem } from "../kernel/problem.ts";
import { isNotDistinctFrom } from "../sql/pieces.ts";
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
    const isComparison = isWord(token, "is") && isNotDistinctFrom(tokens, i + 3);
    return isComparison || (isWord(token, "equal_null") && tokens[i + 1]?.text === "(");
  });
  return found.map(({ at }) => {
    const says = `NULL equals NULL here, and nothing by the joins of touched_by: a row that finds another one by it would not be made again`;
    return asWarning(
      inconsistent(placeIn(file, at), says, "compare by = if rows are joined by it, or say their way by a SELECT over changed"),
    );
  });
}
