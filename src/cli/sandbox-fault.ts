import { Command, InvalidArgumentError } from "commander";
import { Failure } from "../kernel/problem.ts";
import { FAULT_WORDS, type FaultAsked, type FaultWord, type KnownFault, type SwitchedFault } from "../ports/sandbox.ts";
import { type CommandContext, printJson } from "./context.ts";
import { faultLacks, faultTakesNot, faultUnknown, pathOfFault, whichFaultOn } from "./problems.ts";
import { type SandboxOptions, wholeNumber, withSandboxOptions } from "./sandbox-options.ts";
import { renderTable } from "./table.ts";

type Words = Readonly<Partial<Record<FaultWord, string | number | boolean>>>;

interface FaultOptions extends SandboxOptions, Words {
  readonly off?: boolean;
  readonly match?: string;
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
export function faultLine({ name, match, times, after, chance, with: more, hits, over }: SwitchedFault): string {
  const told = Object.entries(more).map(([word, value]) => (value === true ? word : `${word} ${value}`));
  const where = [
    ...(match === null ? [] : [`at ${match}…`]),
    ...told,
    ...(after === 0 ? [] : [`after ${after} others`]),
    ...(chance === 1 ? [] : [`with chance ${chance}`]),
  ];
  const struck =
    times === null ? `struck ${hits}, until it is switched off` : `struck ${hits} of ${times}${over ? ", over" : ""}`;
  return `${[name, ...where].join(" ")}: ${struck}`;
}

/** @throws Failure `usage` where something is said that the fault does not take, or not said that it needs. */
function askedFor(fault: KnownFault, options: FaultOptions): FaultAsked {
  const { match = null, times = 1, after = 0, chance = 1 } = options;
  const said = FAULT_WORDS.filter((word) => options[word] !== undefined);
  const surplus = said.find((word) => !fault.takes.includes(word));
  if (surplus) throw new Failure("usage", faultTakesNot(fault.name, optionOf(surplus), fault.takes.map(optionOf)));
  const lacking = fault.needs.find((word) => !said.includes(word));
  if (lacking) throw new Failure("usage", faultLacks(fault.name, optionOf(lacking)));
  if (match !== null && !match.startsWith("/v1/")) throw new Failure("usage", pathOfFault(match));
  const more = Object.fromEntries(said.map((word) => [word, options[word]]));
  return { name: fault.name, match, times: Number.isFinite(times) ? times : null, after, chance, more };
}

function knownFault(known: readonly KnownFault[], name: string): KnownFault {
  const fault = known.find((one) => one.name === name);
  if (fault) return fault;
  const names = known.map((one) => one.name);
  throw new Failure("usage", faultUnknown(name, names));
}

const WHERE_WORDS = ["match", "times", "after", "chance", ...FAULT_WORDS] as const;

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
  fault: KnownFault | null,
  options: FaultOptions,
): Promise<readonly SwitchedFault[]> {
  const { sandbox } = context.app;
  if (options.off) return sandbox.switchOff(options.state, fault?.name ?? null);
  if (fault) return sandbox.switchOn(options.state, askedFor(fault, options));
  const said = WHERE_WORDS.find((word) => options[word] !== undefined);
  if (said) throw new Failure("usage", whichFaultOn(optionOf(said)));
  return (await sandbox.status(options.state)).simulator?.faults ?? [];
}

async function run(context: CommandContext, name: string | undefined, options: FaultOptions): Promise<void> {
  const known = await context.app.sandbox.knownFaults();
  const fault = name === undefined ? null : knownFault(known, name);
  const faults = await switchFaults(context, fault, options);
  if (options.json) return printJson(context, { faults, known });
  if (fault === null && !options.off) context.out(`${knownText(known)}\n`);
  context.out(onText(faults));
  if (fault === null && !options.off) context.out("next: `ledgerloop sandbox fault NAME` switches one on\n");
  else if (faults.length > 0)
    context.out("next: `ledgerloop run` meets them; `ledgerloop sandbox fault --off` switches all off\n");
}

/** `ledgerloop sandbox fault` */
export function sandboxFaultCommand(context: CommandContext): Command {
  const command = new Command("fault")
    .description("let something go wrong with the simulator's answers; without a name, lists what can and what is on")
    .argument("[name]", "fault to switch on, or with --off to switch off")
    .option("--off", "switch off the named fault, or all")
    .option("--match <path>", "only answers whose path begins so, such as /v1/invoices")
    .option("--times <n>", `how many answers it strikes, or "${ALWAYS}" (default: 1)`, timesArgument)
    .option("--after <n>", "how many answers it lets pass first", wholeNumber(0, 1_000_000))
    .option("--chance <share>", "with which chance it strikes an answer, above 0 and at most 1", shareArgument)
    .option("--id <id>", "object that is meant")
    .option("--field <name>", "field of the objects")
    .option("--object <kind>", "kind of the objects, such as invoice, wherever they stand")
    .option("--value <text>", "value of the field")
    .option("--seconds <n>", "seconds to wait, or by which a clock is off", secondsArgument)
    .option("--missing <n>", "how many objects a page lacks", wholeNumber(1, 100))
    .option("--keep <share>", "share of the body that arrives", shareArgument)
    .option("--html", "answer with a page of HTML");
  const examples = ["sandbox fault unavailable --match /v1/invoices --times 2", "sandbox fault --off --json"] as const;
  return withSandboxOptions(command, examples).action((name: string | undefined, options: FaultOptions) =>
    run(context, name, options),
  );
}
