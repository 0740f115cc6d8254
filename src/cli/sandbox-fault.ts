import { Command, InvalidArgumentError } from "commander";
import { Failure } from "../kernel/problem.ts";
import {
  FAULT_WORDS,
  type FaultAsked,
  type FaultWord,
  type KnownFault,
  type SwitchedFault,
  SYSTEMS,
  type SystemName,
} from "../ports/sandbox.ts";
import { type CommandContext, printJson } from "./context.ts";
import { type SteeringOptions, SYSTEM_WORDS, systemWords, wholeNumber, withSteeringOptions } from "./sandbox-options.ts";
import {
  faultAboutNothing,
  faultLacks,
  faultTakesNot,
  faultUnknown,
  noSimulator,
  pathOfFault,
  whichFaultOn,
  whichSystem,
} from "./sandbox-problems.ts";
import { renderTable } from "./table.ts";

type Words = Readonly<Partial<Record<FaultWord, string | number | boolean>>>;

interface FaultOptions extends SteeringOptions, Words {
  readonly off?: boolean;
  readonly match?: string;
  readonly about?: string;
  /** Infinite for one without an end. */
  readonly times?: number;
  readonly after?: number;
  readonly chance?: number;
}

/** Without an end, in words. */
const ALWAYS = "always";

function timesArgument(text: string): number {
  return text === ALWAYS ? Number.POSITIVE_INFINITY : wholeNumber(1, 1_000_000)(text);
}

function shareArgument(text: string): number {
  const share = Number(text);
  if (!(share > 0 && share <= 1)) throw new InvalidArgumentError("a number above 0 and at most 1");
  return share;
}

function secondsArgument(text: string): number {
  if (!/^-?\d{1,9}(\.\d+)?$/.test(text)) throw new InvalidArgumentError("a number of seconds");
  return Number(text);
}

const optionOf = (word: string) => `--${word}`;

/** One fault that is on, in a line. */
export function faultLine({ name, match, about, times, after, chance, with: more, hits, over }: SwitchedFault): string {
  const told = Object.entries(more).map(([word, value]) => (value === true ? word : `${word} ${value}`));
  const where = [
    ...(match === null ? [] : [`at ${match}…`]),
    ...(about === null ? [] : [`about ${about}`]),
    ...told,
    ...(after === 0 ? [] : [`after ${after} others`]),
    ...(chance === 1 ? [] : [`with chance ${chance}`]),
  ];
  const struck =
    times === null ? `struck ${hits}, until it is switched off` : `struck ${hits} of ${times}${over ? ", over" : ""}`;
  return `${[name, ...where].join(" ")}: ${struck}`;
}

/** What begins the paths of a system's API, and one of them. */
const PATHS: Readonly<Record<SystemName, readonly [beginning: string, example: string]>> = {
  stripe: ["/v1/", "/v1/invoices"],
  salesforce: ["/services/", "/services/data/v66.0/query"],
};

/** @throws Failure `usage` where the system has no such place. */
function expectPlace({ system }: Meant, { match, about }: FaultOptions): void {
  const [beginning, example] = PATHS[system];
  if (match !== undefined && !match.startsWith(beginning)) throw new Failure("usage", pathOfFault(match, example));
  if (about !== undefined && system !== "salesforce") throw new Failure("usage", faultAboutNothing(SYSTEM_WORDS[system].name));
}

/** @throws Failure `usage` where something is said that the fault does not take, or not said that it needs. */
function askedFor(meant: Meant, fault: KnownFault, options: FaultOptions): FaultAsked {
  const { match = null, about = null, times = 1, after = 0, chance = 1 } = options;
  const said = FAULT_WORDS.filter((word) => options[word] !== undefined);
  const surplus = said.find((word) => !fault.takes.includes(word));
  const where = meant.system === "salesforce" ? "--match, --about" : "--match";
  const takes = fault.takes.map(optionOf);
  if (surplus) throw new Failure("usage", faultTakesNot(fault.name, optionOf(surplus), { takes, where }));
  const lacking = fault.needs.find((word) => !said.includes(word));
  if (lacking) throw new Failure("usage", faultLacks(commandOf(options, fault.name), fault.name, optionOf(lacking)));
  expectPlace(meant, options);
  const more = Object.fromEntries(said.map((word) => [word, options[word]]));
  return { name: fault.name, match, about, times: Number.isFinite(times) ? times : null, after, chance, more };
}

/** The command that is about faults of the same system, to be typed next. */
const commandOf = (options: FaultOptions, rest: string) => `ledgerloop sandbox fault ${rest}${systemWords(options)}`;

/** The system that a command is about, what can go wrong with it, and whether it is there. */
interface Meant {
  readonly system: SystemName;
  readonly known: readonly KnownFault[];
  /** Names of faults of all systems that could be meant. */
  readonly names: readonly string[];
  readonly folder: string;
  readonly isThere: boolean;
}

/**
 * What is meant: the system that is named, else the one that runs. Where none runs it is the one that knows the fault; Stripe where none does.
 * @throws Failure `usage` where several run.
 */
async function meantBy(context: CommandContext, name: string | undefined, options: FaultOptions): Promise<Meant> {
  const { sandbox } = context.app;
  const { folder, running } = await sandbox.running(options.state);
  const named = options.system === undefined ? running : [options.system];
  const lists = await Promise.all(
    (named.length > 0 ? named : SYSTEMS).map(async (system) => ({ system, known: await sandbox.knownFaults(system) })),
  );
  const knowing = lists.filter(({ known }) => known.some((one) => one.name === name));
  if (named.length > 1) {
    const systems = (knowing.length > 0 ? knowing : lists).map(({ system }) => system);
    throw new Failure("usage", whichSystem(["sandbox fault", ...(name === undefined ? [] : [name])].join(" "), systems));
  }
  const one = knowing[0] ?? lists[0];
  const { system = "stripe", known = [] } = one ?? {};
  const names = lists.flatMap((list) => list.known.map((fault) => fault.name));
  return { system, known, names, folder, isThere: running.includes(system) };
}

function knownFault({ known, names }: Meant, name: string, options: FaultOptions): KnownFault {
  const fault = known.find((one) => one.name === name);
  if (fault) return fault;
  throw new Failure("usage", faultUnknown(name, names, commandOf(options, "").trim()));
}

const WHERE_WORDS = ["match", "about", "times", "after", "chance", ...FAULT_WORDS] as const;

function onText(faults: readonly SwitchedFault[]): string {
  if (faults.length === 0) return "no fault is on\n";
  return `on:\n${faults.map((fault) => `  ${faultLine(fault)}\n`).join("")}`;
}

function knownText(known: readonly KnownFault[]): string {
  return renderTable(known.map(({ name, says }) => ({ fault: name, "what becomes of an answer": says })));
}

/** Does what was asked, and gives the faults that are on then. */
async function switchFaults(
  context: CommandContext,
  meant: Meant,
  more: { fault: KnownFault | null; options: FaultOptions },
): Promise<readonly SwitchedFault[]> {
  const { sandbox } = context.app;
  const { fault, options } = more;
  const at = { system: meant.system, state: options.state };
  const asked = fault === null || options.off ? null : askedFor(meant, fault, options);
  if ((asked || options.off) && !meant.isThere && options.system === undefined) {
    throw new Failure("usage", noSimulator(meant.folder));
  }
  if (options.off) return sandbox.switchOff(at, fault?.name ?? null);
  if (asked) return sandbox.switchOn(at, asked);
  const said = WHERE_WORDS.find((word) => options[word] !== undefined);
  if (said) throw new Failure("usage", whichFaultOn(optionOf(said)));
  return (await sandbox.status(at))?.faults ?? [];
}

async function run(context: CommandContext, name: string | undefined, options: FaultOptions): Promise<void> {
  const meant = await meantBy(context, name, options);
  const { system, known } = meant;
  const fault = name === undefined ? null : knownFault(meant, name, options);
  const faults = await switchFaults(context, meant, { fault, options });
  if (options.json) return printJson(context, { system, faults, known });
  const isList = fault === null && !options.off;
  if (isList) context.out(`${knownText(known)}\n`);
  context.out(onText(faults));
  if (isList) context.out(nextOfList(meant, options));
  else if (faults.length > 0)
    context.out(`next: \`ledgerloop run\` meets them; \`${commandOf(options, "--off")}\` switches all off\n`);
}

/** What to type next behind the list of what can go wrong. Where nothing runs and nothing was said it is Stripe's. */
function nextOfList({ isThere }: Meant, options: FaultOptions): string {
  const isGuess = !isThere && options.system === undefined;
  const others = isGuess ? "; `ledgerloop sandbox fault --system salesforce` lists those of Salesforce" : "";
  return `next: \`${commandOf(options, "NAME")}\` switches one on${others}\n`;
}

/** `ledgerloop sandbox fault` */
export function sandboxFaultCommand(context: CommandContext): Command {
  const command = new Command("fault")
    .description("let something go wrong with a simulator's answers; without a name, lists what can and what is on")
    .argument("[name]", "fault to switch on, or with --off to switch off")
    .option("--off", "switch off the named fault, or all")
    .option("--match <path>", "only answers whose path begins so, such as /v1/invoices or /services/oauth2/token")
    .option("--about <object>", "only requests about an object of Salesforce, such as Account")
    .option("--times <n>", `how many answers it strikes, or "${ALWAYS}" (default: 1)`, timesArgument)
    .option("--after <n>", "how many answers it lets pass first", wholeNumber(0, 1_000_000))
    .option("--chance <share>", "with which chance it strikes an answer, above 0 and at most 1", shareArgument)
    .option("--id <id>", "object or record that is meant")
    .option("--field <name>", "field of the objects")
    .option(
      "--object <kind>",
      "kind of the objects, such as invoice, wherever they stand; of Salesforce an object, such as Account",
    )
    .option("--value <text>", "value of the field")
    .option("--seconds <n>", "seconds to wait, or by which a clock is off", secondsArgument)
    .option("--used <n>", "how many requests of the day are used", wholeNumber(0, 999_999_999))
    .option("--missing <n>", "how many objects a page lacks", wholeNumber(1, 100))
    .option("--agree", "what counts the objects of a page lacks them too")
    .option("--keep <share>", "share of the body that arrives", shareArgument)
    .option("--html", "answer with a page of HTML");
  const examples = [
    "sandbox fault unavailable --match /v1/invoices --times 2",
    "sandbox fault job_failed --about Account",
  ] as const;
  return withSteeringOptions(command, examples).action((name: string | undefined, options: FaultOptions) =>
    run(context, name, options),
  );
}
