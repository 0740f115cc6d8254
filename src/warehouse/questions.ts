import type { Dialect, Statement } from "./dialect.ts";
import { asText } from "./sql-text.ts";
import type { Session, TextRow } from "./warehouse.ts";

/** A query with named columns that is asked together with others: each statement costs a warehouse its own compilation. */
export interface Question {
  readonly name: string;
  readonly columns: readonly string[];
  readonly sql: string;
}

/** Begins every answer: DuckDB's driver (1.5.5) drops a byte order mark that a text begins with, and currencies are compared. */
const MARK = "=";

/** One branch per question, their columns as text side by side and the shorter ones padded. */
function askTogether(dialect: Dialect, name: string, questions: readonly Question[]): Statement {
  const width = Math.max(...questions.map((q) => q.columns.length));
  const selects = questions.map((q) => {
    const cells = Array.from({ length: width }, (_, i) =>
      q.columns[i] === undefined ? asText("NULL") : `${dialect.literal(MARK)} || ${asText(`q.${q.columns[i]}`)}`,
    );
    return `SELECT ${dialect.literal(q.name)} AS question, ${cells.map((cell, i) => `${cell} AS c${i}`).join(", ")} FROM (\n${q.sql}\n) q`;
  });
  return { name, sql: selects.join("\nUNION ALL\n") };
}

function answerTo(question: Question, rows: readonly TextRow[]): TextRow[] {
  return rows
    .filter((row) => row["question"] === question.name)
    .map((row) => Object.fromEntries(question.columns.map((column, i) => [column, row[`c${i}`]?.slice(MARK.length) ?? null])));
}

/** Gives the answer to each question by its name; no rows for one that was not asked. */
export type Answers = (name: string) => TextRow[];

/** Asks all questions in one statement. */
export async function ask(
  session: Session,
  statement: { dialect: Dialect; name: string },
  questions: readonly Question[],
): Promise<Answers> {
  if (questions.length === 0) return () => [];
  const rows = await session.rows(askTogether(statement.dialect, statement.name, questions));
  return (name) => questions.filter((q) => q.name === name).flatMap((q) => answerTo(q, rows));
}

/** Asks each question in a statement of its own, named after it. */
export async function askInTurn(
  session: Session,
  { dialect, name }: { dialect: Dialect; name: string },
  questions: readonly Question[],
): Promise<Answers> {
  const answers = new Map<string, TextRow[]>();
  for (const question of questions) {
    const answer = await ask(session, { dialect, name: `${name}.${question.name}` }, [question]);
    answers.set(question.name, answer(question.name));
  }
  return (asked) => answers.get(asked) ?? [];
}
