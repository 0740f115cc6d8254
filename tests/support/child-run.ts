import { createApp } from "../../src/app/app.ts";
import { main } from "../../src/cli/main.ts";
import { aroundEngine, atMoment, type Moment } from "./fuse.ts";

/** The program itself, which sends itself a signal at one of its calls. Started by `child.ts`. */
export interface ChildOrder {
  readonly args: readonly string[];
  readonly moment: Moment;
  readonly signal: "SIGKILL" | "SIGSTOP";
}

const order = JSON.parse(process.argv[2] ?? "") as ChildOrder;
const fuse = atMoment(order.moment, () => {
  process.kill(process.pid, order.signal);
});
const app = createApp(process.env);
const withEngine: typeof app.run.withEngine = (pipeline, emit, work) =>
  app.run.withEngine(pipeline, emit, (engine) => work(aroundEngine(engine, fuse)));
process.exitCode = await main({ ...app, run: { ...app.run, withEngine } }, order.args);
