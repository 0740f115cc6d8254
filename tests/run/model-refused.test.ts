import { expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { openClaimsHouse as open } from "../support/claims-house.ts";
import { inForce, withModel, withSelect } from "../support/in-force.ts";

/** A SELECT that stands no text, touches that name a column which is not there, and a SELECT that an engine refuses from the first run on. */
const REFUSED: readonly (readonly [string, string, (pipeline: Pipeline) => Pipeline])[] = [
  [
    "a value that its SELECT cannot convert",
    "curated-insert.entry",
    (pipeline) =>
      withSelect(pipeline, "entry", (select) => select.replace("memo", "cast(cast(memo as integer) as varchar) as memo")),
  ],
  [
    "touches that the engine refuses",
    "touched.entry",
    (pipeline) =>
      withModel(pipeline, "entry", () => ({ touches: [{ feed: "app.entries", select: "select c.nothing from changed c" }] })),
  ],
];

test.each(REFUSED)(
  "%s is told with the model's place, advises no repetition, and nothing is published",
  async (_, statement, refused) => {
    await using house = await open();
    const first = await house.run({}, inForce(refused(house.pipeline)));
    await house.source.query(
      "insert into app.entries (id, entry_id, account_id, amount, currency, memo) values (3, 'e3', 'A', 3, 'USD', 'words')",
    );
    // A first hour converts no words: the one behind it does.
    const { failure } = first.failure === null ? await house.run({}, inForce(refused(house.pipeline))) : first;
    expect(failure).toMatchObject({
      kind: "blocked",
      problems: [
        {
          code: "publish.select_failed",
          at: { file: expect.stringMatching(/models\/entry\.sql$/) },
          says: expect.stringContaining(
            `the SELECT of curated.entry, or of its touched_by, is refused: statement ${statement} failed: `,
          ),
          next: expect.not.stringContaining("same command"),
        },
      ],
    });
    const { report } = await house.run();
    expect(report?.outcome).toBe("published");
    expect(await house.query("select entry_id from curated.entry order by 1")).toEqual([
      { entry_id: "e1" },
      { entry_id: "e2" },
      { entry_id: "e3" },
    ]);
  },
);
