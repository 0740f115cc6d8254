import type { Pipeline } from "../config/pipeline.ts";
import { sumByCurrency } from "../documents/money.ts";
import { ageText } from "../kernel/age.ts";
import { DAY_MS, isoDay } from "../kernel/clock.ts";
import { shellWord } from "../kernel/shell-word.ts";
import type { KeyMoney } from "../proofs/terms.ts";
import type { BreakClass } from "../reconcile/break-class.ts";
import { type Break, isAccepted, isRecurring } from "../reconcile/kept-breaks.ts";
import type { RollForward } from "../reconcile/roll-forward.ts";
import { WAITING_COMPARES } from "../reconcile/waiting.ts";
import { keyText, sideMoney } from "./reconcile-text.ts";

/** What classes of breaks mean. */
export const CLASS_WORDS: Readonly<Record<BreakClass, string>> = {
  waiting_differs: "a row of its key waits, with other content",
  missing_in_warehouse: "the source has it, and it is neither published nor waits",
  missing_at_source: "it is published, and the source has it not",
  missing_on_a_side: "one side of the tie has it, and another one has it not",
  amount: "the amounts differ",
  currency: "the currencies differ",
  attribute: "other values are published",
  duplicate: "it is live more than once, or the source has several rows of it",
  tampered: "the row, or what stands beside it, is not what it was published or set aside as",
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

/** What is known of the way out of a break. */
export interface WayOut {
  /** The key of the published row that it is of; null where there is none, or it is personal. */
  readonly rowKey: readonly string[] | null;
  /** Its key can be read or computed again. */
  readonly canHeal: boolean;
  /** The pipeline, which may have lost what the break is of. */
  readonly pipeline: Pipeline;
  readonly now: Date;
}

/** How long a break is accepted unless somebody says otherwise. */
const ACCEPTED_DAYS = 30;

function acceptance({ id }: Break, now: Date): string {
  const until = isoDay(new Date(now.getTime() + ACCEPTED_DAYS * DAY_MS));
  return `ledgerloop reconcile accept ${id} --until ${until} --reason "…"`;
}

/** A key that begins like an option is none. */
function showRow(of: string, key: readonly string[]): string {
  const options = key.some((part) => part.startsWith("-")) ? "-- " : "";
  return `ledgerloop show row ${of} ${options}${key.map(shellWord).join(" ")}`;
}

/** What leads out of a break, in the order in which it is tried: by its key where that can be read or computed. */
function ways(one: Break, { canHeal, pipeline, now }: WayOut): string[] {
  const { leg, of, class: is } = one;
  if (leg === "R3") return [`ledgerloop reconcile ties ${of}`];
  const isAltered = one.why === "altered";
  const isWaiting = is === "waiting_differs" || isAltered || one.compares === WAITING_COMPARES;
  const first = isWaiting ? [`ledgerloop quarantine list --feed ${of}`] : [];
  if (canHeal) return [...first, `ledgerloop reconcile heal ${one.id}`];
  if (isAltered || one.compares === WAITING_COMPARES) return [...first, acceptance(one, now)];
  const feed = pipeline.feeds.get(of);
  return is === "missing_at_source" && feed?.absence !== "vanished" ? [acceptance(one, now)] : [...first, ...wholeWays(one)];
}

/** The commands that lead out of a break; the last one says whether it worked. Of what the pipeline has no more nothing can be read. */
export function nextCommands(broken: Break, way: WayOut): string[] {
  const { feeds, models, ties } = way.pipeline;
  if (![feeds, models, ties].some((all) => all.has(broken.of))) return broken.isOpen ? [acceptance(broken, way.now)] : [];
  const story = way.rowKey === null ? [] : [showRow(broken.of, way.rowKey)];
  return [...story, ...(broken.isOpen ? ways(broken, way) : []), `ledgerloop reconcile recheck ${broken.proofId}`];
}
