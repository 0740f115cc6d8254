import { Command } from "commander";
import { decidedDocument } from "../documents/part.ts";
import { partsThere } from "../documents/pending.ts";
import { shellWord } from "../kernel/shell-word.ts";
import type { PartDecision } from "../ledger/part-decisions.ts";
import { reading } from "../ports/reading.ts";
import { decidePart, type PartResult } from "../upkeep/decide-part.ts";
import { type CommandContext, type DecisionOptions, decisionOf, withDecisionOptions } from "./context.ts";
import { recordDecision } from "./files-decision.ts";
import { fileOf, withFile } from "./files-of.ts";

/** What is decided about a file that is there. */
type Does = Exclude<PartDecision["does"], "waive">;

const DESCRIPTIONS: Readonly<Record<Does, string>> = {
  accept:
    "record that a file is to be taken that waits for somebody: other content of a file that was published, a copy of another file, a trailer that counts otherwise",
  reject:
    "record that a file is left for good, also one that is there and not published yet: what was published of an earlier version stays",
  retry: "record that a stopped or rejected file is looked at again",
};

const EXAMPLE = "remittances/acme/2026-05-11.csv";

const REASONS: Readonly<Record<Does, string>> = {
  accept: "corrected amounts, confirmed by phone",
  reject: "sent by mistake",
  retry: "the layout was corrected",
};

const FOLLOWS: Readonly<Record<Does, string>> = {
  accept: "takes it",
  reject: "leaves it",
  retry: "looks at it again",
};

function render({ feed, part }: PartResult, does: Does): string {
  return `${part.part} of ${feed}, which is ${part.state}: recorded. Another version of the file is not meant by it.\nnext: \`ledgerloop run\` ${FOLLOWS[does]}, then \`ledgerloop files show ${shellWord(part.part)}\`\n`;
}

/** `ledgerloop files accept`, `reject` and `retry` */
export function decideCommand(context: CommandContext, does: Does): Command {
  const made = withFile(new Command(does).description(DESCRIPTIONS[does]));
  const examples = [
    `files ${does} ${EXAMPLE} --reason "${REASONS[does]}" --ticket FIN-307`,
    `files ${does} ${EXAMPLE} --reason "${REASONS[does]}" --json`,
  ] as const;
  return withDecisionOptions(made, examples).action((path: string, options: DecisionOptions & { feed?: string }) =>
    recordDecision(context, { options, feed: options.feed ?? null }, async (pipeline, feeds) => {
      const asked = { feeds, path, there: await partsThere(context.app, pipeline, feeds) };
      const { feed, reader, there } = await reading(context.app, pipeline, (ask, dialect) => fileOf(ask, dialect, asked));
      const request = { feed: feed.id, part: path, does, ...decisionOf(options) };
      return {
        record: (engine) => decidePart(engine, request, { partsOf: reader.parts, there }),
        document: decidedDocument,
        text: (recorded) => render(recorded, does),
      };
    }),
  );
}
