import { type Problem, problem } from "../../src/kernel/problem.ts";
import type { Seat } from "./record.ts";
import { SYSTEMS, type SystemName } from "./systems.ts";

const start = (system: SystemName) => `\`ledgerloop sandbox start ${system}\``;

export function folderNotOurs(folder: string): Problem {
  return problem({
    code: "sandbox.folder",
    says: `${folder} is no folder of this user, so no key is put into it`,
    next: "name another one: `ledgerloop sandbox start --state DIR`",
  });
}

export function notRunning({ folder, system }: Seat): Problem {
  return problem({
    code: "sandbox.not_running",
    says: `no simulator of ${SYSTEMS[system].name} runs here (${folder})`,
    next: `${start(system)}; one that was started with --state or LEDGERLOOP_STATE is found with the same`,
  });
}

export function portTaken(system: SystemName, port: number): Problem {
  return problem({
    code: "sandbox.port",
    says: `something else listens on port ${port}, or this user may not`,
    next: `name another port, or leave --port out: ${start(system)}`,
  });
}

export function startFailed(system: SystemName, log: string): Problem {
  return problem({
    code: "sandbox.start",
    says: `the simulator of ${SYSTEMS[system].name} did not start; the reason is at the end of ${log}`,
    next: `${start(system)} once more`,
  });
}

export function lockHeld(system: SystemName, pid: number | null): Problem {
  const who = pid === null ? "" : ` (process ${pid})`;
  return problem({
    code: "sandbox.lock",
    says: `another command${who} has been starting or stopping the simulator of ${SYSTEMS[system].name} for half a minute`,
    next: "wait for it, then repeat the command",
  });
}

export function noAnswer(system: SystemName, pid: number): Problem {
  return problem({
    code: "sandbox.no_answer",
    says: `the simulator of ${SYSTEMS[system].name} (process ${pid}) does not answer`,
    next: `\`ledgerloop sandbox stop --system ${system}\`, then ${start(system)}`,
  });
}

export function refused(says: string): Problem {
  return problem({ code: "sandbox.refused", says, next: "`ledgerloop sandbox status`" });
}
