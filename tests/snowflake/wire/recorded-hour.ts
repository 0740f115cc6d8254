import type { Hour } from "../../support/desk.ts";
import type { Recorded } from "../../support/recorded.ts";
import type { Stub } from "./stub.ts";
import { changed, copied, done, refuse, rows, type Turn, table } from "./turns.ts";

function turnOf(sql: string, answer: Recorded["answer"]): Turn {
  if (typeof answer !== "bigint") return answer.length === 0 ? table([{ name: "NOTHING", type: "text" }], []) : rows(answer);
  const word = sql.trimStart().split(/\s/, 1)[0]?.toLowerCase() ?? "";
  return word === "insert" || word === "update" || word === "delete" ? changed(word, [answer]) : done();
}

function loaded(hour: Hour, sql: string): Turn {
  const feed = /'landing\/b_\d+_(.+?)\.csv'/.exec(sql)?.[1] ?? "";
  const from = /__KEYS" /.test(sql) ? hour.keys : hour.rows;
  return copied([{ file: `landing/b_1_${feed}.csv`, loaded: from?.[feed]?.length ?? 0 }]);
}

/**
 * Lets a stub answer an hour's statements as DuckDB answered those of the same name and turn. A transaction that is rolled back is
 * answered again from its start. What the stub was told before goes before.
 */
export function answerAsRecorded(stub: Stub, recorded: readonly Recorded[], hour: Hour): { answered(): number } {
  let [at, begun] = [0, 0];
  stub.underneath((arrival) => {
    const { name } = arrival;
    if (name === "begin") begun = at;
    if (name === "rollback") at = begun;
    if (["session", "begin", "commit", "rollback"].includes(name) || name.startsWith("raw.")) return done();
    if (name.startsWith("copy.")) return loaded(hour, arrival.sql);
    const next = recorded[at];
    if (next?.name !== name) return refuse("000000", `expected ${next?.name}, got ${name}`, "XX000");
    at += 1;
    return turnOf(arrival.sql, next.answer);
  });
  return { answered: () => at };
}
