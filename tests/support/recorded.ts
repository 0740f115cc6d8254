import type { Statement } from "../../src/warehouse/dialect.ts";
import type { Session, TextRow } from "../../src/warehouse/warehouse.ts";

/** A statement with the answer that a real engine gave. */
export interface Recorded extends Statement {
  readonly answer: bigint | TextRow[];
}

/** Passes statements on to a real session and keeps them with their answers. */
export function recording(session: Session, into: Recorded[]): Session {
  return {
    ...session,
    run: async (statement) => {
      const answer = await session.run(statement);
      into.push({ ...statement, answer });
      return answer;
    },
    rows: async (statement) => {
      const answer = await session.rows(statement);
      into.push({ ...statement, answer });
      return answer;
    },
  };
}

/** What only an engine asks whose branches share memory. */
const OF_ONE_ENGINE = "touched-count";

/** Answers each statement as the recorded one of the same name and turn was answered; assertions that were asked one after the other, as `assert.entry`, may be asked at once. */
export function replaying(answers: readonly Recorded[], into: Statement[]): Session {
  const left = [...answers];
  const isPartOf = ({ name }: Statement, part: Recorded | undefined) =>
    name === "assert" && part?.name.startsWith(`${name}.`) === true;
  const next = (statement: Statement) => {
    if (left[0]?.name === OF_ONE_ENGINE) left.shift();
    const parts: TextRow[] = [];
    while (isPartOf(statement, left[0])) parts.push(...((left.shift()?.answer ?? []) as TextRow[]));
    if (parts.length > 0) {
      into.push(statement);
      return parts;
    }
    const expected = left.shift();
    if (expected?.name !== statement.name) throw new Error(`expected ${expected?.name}, got ${statement.name}`);
    into.push(statement);
    return expected.answer;
  };
  return {
    run: async (statement) => next(statement) as bigint,
    rows: async (statement) => next(statement) as TextRow[],
    answer: async (statement) => ({ columns: [], rows: next(statement) as TextRow[] }),
    transaction: (work) => work(),
    replace: async (statements) => void statements.map(next),
    loadRaw: async () => undefined,
    releaseRaw: async () => undefined,
    usage: () => ({ statements: into.length, bytes: null }),
    close: async () => undefined,
  };
}
