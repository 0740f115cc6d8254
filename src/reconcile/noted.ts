import { createHash } from "node:crypto";
import type { Session } from "../warehouse/warehouse.ts";

/** What a comparison has asked of its source and of the warehouse: how many statements, and one SHA-256 of all of them in their order. */
export interface NotedStatements {
  readonly count: number;
  readonly sha256: string;
}

/** Takes statements down as they are sent. */
export interface Notes {
  readonly note: (sql: string) => void;
  readonly told: () => NotedStatements;
}

/** Empty notes. Each statement counts with its length before it, so that no two lists of statements have one text. */
export function takeNotes(): Notes {
  const hash = createHash("sha256");
  let count = 0;
  return {
    note: (sql) => {
      count += 1;
      hash.update(`${Buffer.byteLength(sql)}:${sql}`);
    },
    told: () => ({ count, sha256: hash.copy().digest("hex") }),
  };
}

/** A session whose statements are noted; how landed rows are made readable is not. */
export function notedSession(session: Session, { note }: Notes): Session {
  return {
    run: (statement) => {
      note(statement.sql);
      return session.run(statement);
    },
    rows: (statement) => {
      note(statement.sql);
      return session.rows(statement);
    },
    answer: (statement) => {
      note(statement.sql);
      return session.answer(statement);
    },
    replace: (statements) => {
      for (const { sql } of statements) note(sql);
      return session.replace(statements);
    },
    transaction: (work) => session.transaction(work),
    loadRaw: (batch) => session.loadRaw(batch),
    releaseRaw: (relation) => session.releaseRaw(relation),
    usage: () => session.usage(),
    close: () => session.close(),
  };
}
