import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Failure } from "../../src/kernel/problem.ts";
import type { CellRow } from "../../src/sources/landed-text.ts";
import type { OpenOptions, RawBatch, Session, TextRow, Warehouse } from "../../src/warehouse/warehouse.ts";
import { landedBytes, rawFile } from "../support/raw-file.ts";

export interface ConformanceOptions {
  /** The warehouse; asked once, before the first test. */
  readonly warehouse: () => Promise<Warehouse>;
  /** Two sessions can be open at once. */
  readonly concurrent: boolean;
}

const HEADER = '"_position","id","Name"\n';

/** Words of one session. */
interface Desk {
  readonly session: Session;
  ask(sql: string): Promise<TextRow[]>;
  run(sql: string): Promise<bigint>;
}

function deskOf(session: Session): Desk {
  return {
    session,
    ask: (sql) => session.rows({ name: "conformance", sql }),
    run: (sql) => session.run({ name: "conformance", sql }),
  };
}

function batch(folder: string, parts: readonly { text: string | Uint8Array; rows: number }[]): RawBatch {
  return {
    feed: "app.things",
    relation: "app_things",
    batchId: "b_1",
    columns: ["_position", "id", "Name"],
    files: parts.map((part, i) => rawFile(folder, `part-${i}.csv`, part)),
  };
}

/** What every warehouse adapter does. Values are text, so that no number loses digits. */
export function warehouseConformance(name: string, options: ConformanceOptions): void {
  describe(`warehouse: ${name}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "ledgerloop-conformance-"));
    let warehouse: Warehouse;
    const table = () => warehouse.dialect.table("ops", "conformance");
    const open = async <T>(work: (desk: Desk) => Promise<T>, how: Partial<OpenOptions> = {}): Promise<T> => {
      const session = await warehouse.open({ purpose: "conformance", ...how });
      try {
        return await work(deskOf(session));
      } finally {
        await session.close();
      }
    };

    beforeAll(async () => {
      warehouse = await options.warehouse();
      await open(async ({ run }) => {
        await run("CREATE SCHEMA IF NOT EXISTS OPS");
        await run(`CREATE TABLE IF NOT EXISTS ${table()} (k INTEGER, v VARCHAR)`);
      });
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test("values come as exact text, NULL as null, names in lower case", async () => {
      const widest = "999999999999999999999999999999999999.99";
      const sql = `SELECT 9007199254740993 AS big, CAST('1.10' AS DECIMAL(10, 2)) AS cents, CAST('${widest}' AS DECIMAL(38, 2)) AS widest, NULL AS nothing, 'NULL' AS word, '' AS empty, 1 = 1 AS yes`;
      expect(await open(({ ask }) => ask(sql))).toEqual([
        { big: "9007199254740993", cents: "1.10", widest, nothing: null, word: "NULL", empty: "", yes: "true" },
      ]);
    });

    test("texts come back byte for byte", async () => {
      const texts = [
        "it's",
        'a "b"',
        "back\\slash",
        "two\nlines",
        "\ttab",
        "Häuser 家 \u{1f600}",
        "%s $1 ? :x {y}",
        "-- no comment",
      ];
      await open(async ({ ask }) => {
        for (const t of texts) expect(await ask(`SELECT ${warehouse.dialect.literal(t)} AS t`)).toEqual([{ t }]);
      });
    });

    test("a statement says how many rows it changed", async () => {
      await open(async ({ run }) => {
        expect(await run(`INSERT INTO ${table()} VALUES (1, 'a'), (2, 'b'), (3, 'c')`)).toBe(3n);
        expect(await run(`UPDATE ${table()} SET v = 'z' WHERE k > 1`)).toBe(2n);
        expect(await run(`DELETE FROM ${table()} WHERE k = 3`)).toBe(1n);
        expect(await run(`DELETE FROM ${table()} WHERE k = 99`)).toBe(0n);
        expect(await run(`DELETE FROM ${table()}`)).toBe(2n);
      });
    });

    test("a transaction that fails leaves nothing, one that ends leaves everything", async () => {
      await open(async ({ session, ask, run }) => {
        const count = async () => (await ask(`SELECT COUNT(*) AS n FROM ${table()}`))[0]?.["n"];
        const insert = (k: number) => run(`INSERT INTO ${table()} VALUES (${k}, 'x')`);
        const broken = session.transaction(async () => {
          await insert(1);
          throw new Error("no");
        });
        await expect(broken).rejects.toThrow("no");
        const misspelt = session.transaction(async () => {
          await insert(2);
          await ask("SELECT nothing_like_this FROM nowhere");
        });
        await expect(misspelt).rejects.toBeInstanceOf(Failure);
        expect(await count()).toBe("0");
        expect(await session.transaction(async () => (await insert(3)) + (await insert(4)))).toBe(2n);
        expect(await count()).toBe("2");
        await session.transaction(() => run(`DELETE FROM ${table()}`));
      });
    });

    test.runIf(options.concurrent)("another session sees nothing of a transaction before its end", async () => {
      await open(async (mine) => {
        const count = () => open(({ ask }) => ask(`SELECT COUNT(*) AS n FROM ${table()}`));
        await mine.session.transaction(async () => {
          await mine.run(`INSERT INTO ${table()} VALUES (1, 'x')`);
          expect(await count()).toEqual([{ n: "0" }]);
        });
        expect(await count()).toEqual([{ n: "1" }]);
        await mine.run(`DELETE FROM ${table()}`);
      });
    });

    test.each([
      "CREATE TABLE OPS.SNEAKED (k INTEGER)",
      "ALTER TABLE OPS.CONFORMANCE ADD COLUMN w INTEGER",
      "COMMIT",
      "TRUNCATE TABLE OPS.CONFORMANCE",
      "SELECT 1; DROP TABLE OPS.CONFORMANCE",
      "/* SELECT */ DROP TABLE OPS.CONFORMANCE",
    ])("refuses in a transaction, before it is sent: %s", async (sql) => {
      await open(async ({ session, ask, run }) => {
        const transaction = session.transaction(() => run(sql));
        await expect(transaction).rejects.toMatchObject({
          kind: "internal",
          problems: [{ code: "warehouse.not_in_transaction" }],
        });
        expect(await ask(`SELECT COUNT(*) AS n FROM ${table()}`)).toEqual([{ n: "0" }]);
      });
    });

    test("landed files are readable as text with batch, file and position; empty and missing texts stay apart", async () => {
      const d = warehouse.dialect;
      const first = `${HEADER}"(0,1)","007","a ""q"", b\nnl"\n"(0,2)",,""\n`;
      const second = `${HEADER}"(1,1)","1.50","Häuser \\N NULL"\n`;
      const columns = ["_batch_id", "_file", "_position", "id", "Name"].map(
        (c, i) => `CAST(r.${d.identifier(c)} AS VARCHAR) AS c${i}`,
      );
      const rows = await open(async ({ session, ask }) => {
        await session.loadRaw(
          batch(folder, [
            { text: first, rows: 2 },
            { text: second, rows: 1 },
            { text: HEADER, rows: 0 },
          ]),
        );
        return ask(`SELECT ${columns.join(", ")} FROM ${d.table("raw", "app_things")} r ORDER BY r.${d.identifier("_position")}`);
      });
      expect(rows.map((row) => Object.values(row))).toEqual([
        ["b_1", "part-0.csv", "(0,1)", "007", 'a "q", b\nnl'],
        ["b_1", "part-0.csv", "(0,2)", null, ""],
        ["b_1", "part-1.csv", "(1,1)", "1.50", "Häuser \\N NULL"],
      ]);
    });

    test("a row file is read as its writer was given it: docs/landed-text.md", async () => {
      const d = warehouse.dialect;
      const texts = [
        "",
        " ",
        '"',
        '""',
        'a "q", b',
        "\n",
        "\r\n",
        "\r",
        "\\",
        "\\N",
        "NULL",
        "'",
        "\t",
        "Häuser 🧾",
        "x\ufeff",
        "x\n".repeat(9_000),
      ];
      const rows: CellRow[] = [...texts, null].map((text, i) => [`(0,${100 + i})`, text, text === null ? "" : null]);
      const text = await landedBytes(["_position", "id", "Name"], rows);
      const list = ["_position", "id", "Name"].map((c, i) => `CAST(r.${d.identifier(c)} AS VARCHAR) AS c${i}`).join(", ");
      const found = await open(async ({ session, ask }) => {
        await session.loadRaw(batch(folder, [{ text, rows: rows.length }]));
        return ask(`SELECT ${list} FROM ${d.table("raw", "app_things")} r ORDER BY r.${d.identifier("_position")}`);
      });
      expect(found.map((row) => Object.values(row))).toEqual(rows);
    });

    test("a batch without rows, or without files, is an empty relation; the next batch takes the place of the last", async () => {
      await open(async ({ session, ask }) => {
        const count = () => ask(`SELECT COUNT(*) AS n FROM ${warehouse.dialect.table("raw", "app_things")} r`);
        await session.loadRaw(batch(folder, [{ text: HEADER, rows: 0 }]));
        expect(await count()).toEqual([{ n: "0" }]);
        await session.loadRaw(batch(folder, []));
        expect(await count()).toEqual([{ n: "0" }]);
        await session.loadRaw(batch(folder, [{ text: `${HEADER}"(0,1)","1","x"\n`, rows: 1 }]));
        expect(await count()).toEqual([{ n: "1" }]);
      });
    });

    test("work tables number their rows and end with their session", async () => {
      const d = warehouse.dialect;
      const { column, select } = d.can.rowNumber;
      const own = select === null ? "" : `${select} AS ${d.identifier(column)}, `;
      await open(async ({ ask, run }) => {
        await run(d.createWork("probe", `SELECT ${own}x.k AS k FROM (SELECT 5 AS k UNION ALL SELECT 6 AS k) x`));
        expect(await ask(`SELECT COUNT(DISTINCT p.${column}) AS n, MAX(p.k) AS k FROM ${d.work("probe")} p`)).toEqual([
          { n: "2", k: "6" },
        ]);
      });
      await open(({ ask }) => expect(ask(`SELECT COUNT(*) AS n FROM ${d.work("probe")}`)).rejects.toBeInstanceOf(Failure));
    });

    test("a session that only reads writes nothing", async () => {
      const how = { readOnly: true };
      await open(({ run }) => expect(run(`INSERT INTO ${table()} VALUES (7, 'x')`)).rejects.toBeInstanceOf(Failure), how);
      expect(await open(({ ask }) => ask(`SELECT COUNT(*) AS n FROM ${table()}`), how)).toEqual([{ n: "0" }]);
    });

    test("closing twice is harmless; the statements of a session are counted", async () => {
      await open(async ({ session, ask }) => {
        const before = session.usage().statements;
        await ask("SELECT 1 AS one");
        expect(session.usage().statements).toBe(before + 1);
        await session.close();
      });
    });
  });
}
