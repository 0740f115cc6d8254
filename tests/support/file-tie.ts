import type { Feed, Tie } from "../../src/config/pipeline.ts";

/** A tie of what a feed's files say that they come to with the rows that came of them. */
export function fileTie(feed: Feed): Tie {
  const common = { addsUp: true, lagsDays: 0, hasFee: false, at: { file: "ties.yaml", line: 1, column: 1 } };
  const sides = (["said", "rows"] as const).map((takes) => ({ ...common, name: takes, gives: { feed, takes } }));
  return { name: "files", about: "files", owner: "finance", group: feed.group, reads: new Set([feed.id]), key: ["file"], sides };
}
