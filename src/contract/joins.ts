import { isName, isWord, lower, type SqlToken, sqlTokens } from "./sql-tokens.ts";

/** A relation that a query joins, and its columns that each joined row is compared by. */
export interface Join {
  readonly schema: string;
  readonly relation: string;
  /** Where the relation's name begins in the text. */
  readonly at: number;
  /** In lower case: columns of the relation that stand on one side of an equality which every row has to fulfil. */
  readonly by: readonly string[];
}

/** What ends the condition of a join, where it does not stand inside a parenthesis of it. */
const ENDS =
  "join left right full inner outer cross asof natural where group having window qualify order limit union intersect except".split(
    " ",
  );

/** The tokens of a join's condition: up to the next clause, or to the parenthesis that closes around it. */
function condition(tokens: readonly SqlToken[], from: number): SqlToken[] {
  let depth = 0;
  const end = tokens.findIndex((token, i) => {
    if (i < from) return false;
    if (token.text === "(") depth += 1;
    if (token.text === ")") depth -= 1;
    return depth < 0 || (depth === 0 && isWord(token, ...ENDS));
  });
  return tokens.slice(from, end < 0 ? tokens.length : end);
}

/** Columns under an alias that are compared for equality; none where the condition has an OR, which no row has to fulfil by both sides. */
function comparedBy(tokens: readonly SqlToken[], alias: string): string[] {
  if (tokens.some((token) => isWord(token, "or", "not"))) return [];
  return tokens.flatMap((token, i) => {
    const isColumn = lower(token) === alias && tokens[i + 1]?.text === "." && isName(tokens[i + 2]);
    if (!isColumn) return [];
    const isCompared =
      tokens[i + 3]?.text === "=" || (tokens[i - 1]?.text === "=" && !["<", ">", "!"].includes(tokens[i - 2]?.text ?? ""));
    return isCompared ? [lower(tokens[i + 2])] : [];
  });
}

function joinAt(tokens: readonly SqlToken[], join: number): Join | null {
  const [schema, dot, relation] = tokens.slice(join + 1, join + 4);
  if (!(schema && relation && isName(schema) && dot?.text === "." && isName(relation))) return null;
  const next = isWord(tokens[join + 4], "as") ? join + 5 : join + 4;
  const hasAlias = isName(tokens[next]) && !isWord(tokens[next], "on", "using", ...ENDS);
  const alias = hasAlias ? lower(tokens[next]) : lower(relation);
  const how = tokens[hasAlias ? next + 1 : next];
  const rest = condition(tokens, (hasAlias ? next + 1 : next) + 1);
  const using = rest.flatMap((token) => (isName(token) ? [lower(token)] : []));
  const by = isWord(how, "using") ? using : isWord(how, "on") ? comparedBy(rest, alias) : [];
  return { schema: lower(schema), relation: lower(relation), at: schema.at, by };
}

/** The relations of a schema that a query joins to others, with what they are joined by; queries in parentheses and in WITH are no relations. */
export function joinsIn(sql: string): Join[] {
  const tokens = sqlTokens(sql) ?? [];
  return tokens.flatMap((token, i) => (isWord(token, "join") ? (joinAt(tokens, i) ?? []) : []));
}
