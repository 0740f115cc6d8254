import { type Problem, problem } from "../kernel/problem.ts";
import type { SystemName } from "../ports/sandbox.ts";
import { suggestion } from "./problems.ts";

export function startCommand(system: SystemName): string {
  return system === "stripe" ? "`ledgerloop sandbox start`" : `\`ledgerloop sandbox start ${system}\``;
}

/** What starts one or the other. */
export const startAny = `${startCommand("stripe")}, or ${startCommand("salesforce")}`;

export function systemUnknown(written: string, known: readonly string[], example: string): Problem {
  return problem({
    code: "cli.system",
    says: `there is no simulator of "${written}"`,
    next: `${suggestion(written, known)}write ${known.join(" or ")}, as in \`${example}\``,
  });
}

export function noSimulator(folder: string): Problem {
  return problem({
    code: "cli.no_simulator",
    says: `no simulator runs here (${folder})`,
    next: `${startAny}; one that was started with --state or LEDGERLOOP_STATE is found with the same`,
  });
}

export function whichSystem(command: string, systems: readonly string[]): Problem {
  return problem({
    code: "cli.system",
    says: "several simulators run, and a fault is one system's",
    next: systems.map((system) => `\`ledgerloop ${command} --system ${system}\``).join(", or "),
  });
}

export function faultUnknown(written: string, known: readonly string[], list: string): Problem {
  return problem({
    code: "cli.fault",
    says: `there is no fault "${written}"`,
    next: `${suggestion(written, known)}\`${list}\` lists them all`,
  });
}

export function faultTakesNot(fault: string, option: string, more: { takes: readonly string[]; where: string }): Problem {
  const { takes, where } = more;
  return problem({
    code: "cli.fault_option",
    says: `the fault ${fault} takes no ${option}`,
    next: `leave it out; ${takes.length === 0 ? `it takes only ${where}, --times, --after and --chance` : `it takes ${takes.join(", ")}`}`,
  });
}

export function faultLacks(command: string, fault: string, option: string): Problem {
  return problem({
    code: "cli.fault_option",
    says: `the fault ${fault} is nothing without ${option}`,
    next: `\`${command} ${option} …\``,
  });
}

export function pathOfFault(written: string, example: string): Problem {
  return problem({
    code: "cli.fault_path",
    says: `${written} is no beginning of a path of the API`,
    next: `write it as in \`--match ${example}\``,
  });
}

export function faultAboutNothing(system: string): Problem {
  return problem({
    code: "cli.fault_option",
    says: `--about is for objects of Salesforce, and this is a fault of ${system}`,
    next: "say where it strikes by its path, as in `--match /v1/invoices`",
  });
}

export function whichFaultOn(option: string): Problem {
  return problem({
    code: "cli.fault_option",
    says: `${option} is said of no fault`,
    next: `\`ledgerloop sandbox fault NAME ${option} …\`; \`ledgerloop sandbox fault\` lists the names`,
  });
}
