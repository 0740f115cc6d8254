import type { Pipeline } from "../config/pipeline.ts";
import { sumByCurrency } from "../documents/money.ts";
import { ageText } from "../kernel/age.ts";
import type { KeyMoney } from "../proofs/terms.ts";
import type { BreakClass } from "../reconcile/break-class.ts";
import { type Break, isAccepted, isRecurring } from "../reconcile/kept-breaks.ts";
import type { RollForward } from "../reconcile/roll-forward.ts";
import { keyText, sideMoney } from "./reconcile-text.ts";

/** What classes of breaks mean. */
export const CLASS_WORDS: Readonly<Record<BreakClass, string>> = {
  waiting_differs: "a row of its key waits, with other content",
  missing_in_warehouse: "the source has it, and it is neither published nor waits",
  missing_at_source: "it is published, and the source has it not",
  missing_on_a_side: "one side of the tie has it, and another one has it not",
  amount: "its money is another one",
  currency: "its currency is another one",
  attribute: "other values are published",
  duplicate: "it is live more than once",
  tampered: "what stands beside the row is not what the row gives",
  model: "the curated row is not what its model gives",
  history: "a replaced row is not what it was, or has none behind it",
  unexplained: "sums differ, and no key says why",
};

/** What the source has more than what is published, in each currency of either side; none where it is as much. */
export function differences({ sourceMoney, liveMoney }: Break): KeyMoney[] {
  const signed = [...(sourceMoney ? [sourceMoney] : []), ...(liveMoney ? [{ ...liveMoney, minor: -liveMoney.minor }] : [])];
  const sums = sumByCurrency(signed.filter(({ currency }) => currency !== "-"));
  return [...sums].flatMap(([currency, minor]) => (minor === 0n ? [] : [{ currency, minor }]));
}

/** The same for people. */
export function differenceText(one: Break, currencies: Pipeline["currencies"]): string {
  return differences(one)
    .map((money) => sideMoney(money, currencies))
    .join(", ");
}

/** The key of a break, or what has none. */
export function breakKey({ key, says }: Break): string {
  return Object.keys(key).length === 0 ? (says[0] ?? "") : keyText({ key });
}

function stateText(one: Break, now: Date): string {
  if (!one.isOpen) return `cleared ${one.at.slice(0, 10)}`;
  if (isAccepted(one, now)) return `accepted until ${one.acceptance?.until.slice(0, 10)}`;
  const again = isRecurring(one, now) ? ["recurring"] : [];
  return ["open", ...again, ...(one.assignee === null ? [] : [one.assignee])].join(", ");
}

/** The columns of a list of breaks. */
export const BREAK_COLUMNS = [
  "break",
  "class",
  "of",
  "key",
  "columns",
  "source",
  "published",
  "difference",
  "age",
  "state",
] as const;

/** A break as a line of a table. */
export function breakLine({ currencies }: Pipeline, one: Break, now: Date) {
  return {
    break: one.id,
    class: one.class,
    of: one.of,
    key: breakKey(one),
    columns: one.columns.join(", "),
    source: sideMoney(one.sourceMoney, currencies),
    published: sideMoney(one.liveMoney, currencies),
    difference: differenceText(one, currencies),
    age: one.isOpen ? ageText(new Date(one.foundAt), now) : "",
    state: stateText(one, now),
  };
}

const size = (one: Break) =>
  differences(one).reduce((most, { minor }) => {
    const absolute = minor < 0n ? -minor : minor;
    return absolute > most ? absolute : most;
  }, 0n);

const compared = <T extends bigint | string>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0);

/** Open ones first, then accepted ones; of these the most money, then what was found the longest ago. */
export function bySize(breaks: readonly Break[], now: Date): Break[] {
  const rank = (one: Break) => Number(one.isOpen) + Number(one.isOpen && !isAccepted(one, now));
  const order = (a: Break, b: Break) => rank(b) - rank(a) || compared(size(b), size(a)) || compared(a.foundAt, b.foundAt);
  return breaks.toSorted(order);
}

/** What the source has more and what it has less, by currency: nothing is netted, neither across currencies nor within one. */
export function openMoney(pipeline: Pipeline, breaks: readonly Break[]): string[] {
  const all = breaks.flatMap(differences);
  const [more, less] = [all.filter(({ minor }) => minor > 0n), all.filter(({ minor }) => minor < 0n)].map(sumByCurrency);
  return [...new Set(all.map(({ currency }) => currency))]
    .toSorted()
    .flatMap((currency) =>
      [more?.get(currency), less?.get(currency)].flatMap((minor) =>
        minor === undefined ? [] : [sideMoney({ currency, minor }, pipeline.currencies)],
      ),
    );
}

/** A class of a roll-forward as a line of a table. */
export const rollLine = ({ class: name, ...numbers }: RollForward) => ({
  class: name,
  ...Object.fromEntries(Object.entries(numbers).map(([title, n]) => [title, String(n)])),
});

const READ = (feed: string) => `ledgerloop run --full --feeds ${feed} --reason "…"`;
const RESTATE = (feed: string) => `ledgerloop run --full --restate --feeds ${feed} --reason "…"`;

/** What leads out of a break by reading or computing everything. */
function wholeWays({ of, class: is }: Break): string[] {
  switch (is) {
    case "waiting_differs":
      return [READ(of)];
    case "missing_in_warehouse":
    case "amount":
    case "currency":
    case "attribute":
      return [READ(of), RESTATE(of)];
    case "missing_at_source":
      return [`ledgerloop run --keys --feeds ${of}`];
    case "tampered":
      return [RESTATE(of)];
    case "model":
      return [`ledgerloop run --recompute ${of} --reason "…"`];
    case "duplicate":
    case "history":
    case "missing_on_a_side":
    case "unexplained":
      return [];
  }
}

/** What leads out of a break, in the order in which it is tried: by its key where that can be read or computed. */
function ways(one: Break, canHeal: boolean): string[] {
  if (one.leg === "R3") return [`ledgerloop reconcile ties ${one.of}`];
  const first = one.class === "waiting_differs" ? [`ledgerloop quarantine list --feed ${one.of}`] : [];
  return [...first, ...(canHeal ? [`ledgerloop reconcile heal ${one.id}`] : wholeWays(one))];
}

/** The commands that lead out of a break; the last one says whether it worked. */
export function nextCommands(broken: Break, canHeal: boolean): string[] {
  return [...(broken.isOpen ? ways(broken, canHeal) : []), `ledgerloop reconcile recheck ${broken.proofId}`];
}
