import { Command } from "commander";
import type { FeedWithParts } from "../documents/known-parts.ts";
import { Failure } from "../kernel/problem.ts";
import { waivePart } from "../upkeep/decide-part.ts";
import { type CommandContext, type DecisionOptions, decisionOf, withDecisionOptions } from "./context.ts";
import { recordDecision } from "./files-decision.ts";
import { noDay, partnerUnknown } from "./problems.ts";

interface WaiveOptions extends DecisionOptions {
  readonly partner?: string;
}

const isDay = (text: string) =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;

function refuseUnknown(feeds: readonly FeedWithParts[], partner: string | null): void {
  for (const { feed, reader } of feeds) {
    const known = reader.words.senders(feed);
    if (partner !== null && !known.includes(partner))
      throw new Failure("usage", partnerUnknown({ feed: feed.id, partner, known }));
  }
}

/** `ledgerloop files waive` */
export function waiveCommand(context: CommandContext): Command {
  const made = new Command("waive")
    .description("record that no file of a day is expected any more; where one comes all the same it is taken")
    .argument("<feed>", "feed id, as in partners.remittances")
    .argument("<date>", "the day in the names of its files, as in 2026-05-11")
    .option("--partner <name>", "of this partner alone");
  const examples = [
    'files waive partners.remittances 2026-05-11 --partner acme --reason "bank holiday there"',
    'files waive partners.remittances 2026-05-11 --reason "nobody sends on that day" --json',
  ] as const;
  return withDecisionOptions(made, examples).action((feed: string, date: string, options: WaiveOptions) =>
    recordDecision(context, { options, feed }, (_, feeds) => {
      const { partner = null } = options;
      if (!isDay(date)) throw new Failure("usage", noDay(date));
      refuseUnknown(feeds, partner);
      const part = partner === null ? date : `${partner} ${date}`;
      return {
        record: (engine) => waivePart(engine, { feed, part, ...decisionOf(options) }),
        document: () => ({ feed, date, partner, does: "waive" }),
        text: () => `no file of ${part} is expected of ${feed} any more: recorded\nnext: \`ledgerloop run\`\n`,
      };
    }),
  );
}
