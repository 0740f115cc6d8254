import { withRecord } from "../../src/config/landed-meta.ts";
import type { Pipeline } from "../../src/config/pipeline.ts";
import type { LandedMeta } from "../../src/config/source-kind.ts";
import type { Hour } from "./desk.ts";
import { account, entry, withFeed } from "./desk-rows.ts";

const ALL: readonly LandedMeta[] = ["_scope", "_fault", "_payload", "_unconverted"];

/** The same pipeline with one feed whose row files say of their records what they can. */
export function withLanded(pipeline: Pipeline, id: string, lands: readonly LandedMeta[] = ALL): Pipeline {
  return withFeed(pipeline, id, (feed) => ({
    ...feed,
    lands,
    scoped: lands.includes("_scope"),
    contract: withRecord(feed.contract, lands),
  }));
}

/** Two hours of the fixture `claims`, whose entries land all columns about records. */
export const LANDED_HOURS: readonly Hour[] = [
  {
    rows: {
      "app.accounts": [account(1, "A")],
      "app.entries": [
        entry(1, "e1"),
        entry(2, "e2", { account_id: "B" }),
        entry(3, "e3", { amount: "1e2", _unconverted: '["amount"]' }),
        { _fault: "width", _payload: "utf8:4,e4" },
        { id: 5, entry_id: "e5", _fault: "forbidden", _scope: "page 1" },
      ],
    },
    adjust: (pipeline) => withLanded(pipeline, "app.entries"),
  },
  { rows: { "app.entries": [entry(1, "e1"), entry(5, "e5"), { _fault: "width", _payload: "utf8:4,e4" }] } },
];
