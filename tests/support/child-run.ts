import { createApp } from "../../src/app.ts";
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
process.exitCode = await main(
  { ...app, withEngine: (pipeline, emit, work) => app.withEngine(pipeline, emit, (engine) => work(aroundEngine(engine, fuse))) },
  order.args,
);
