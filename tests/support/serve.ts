import { startTestCluster } from "./cluster.ts";

/*
 * A process that serves PostgreSQL to a lane of tests: it prints the addresses of as many servers as it is asked for, and stops
 * them when its standard input ends. Started by `shared-servers.ts`.
 */
const clusters = await Promise.all(
  Array.from({ length: Number(process.argv[2]) }, () => startTestCluster({ max_connections: "200" })),
);
console.log(JSON.stringify(clusters.map(({ port, password }) => ({ port, password }))));
process.stdin.resume().once("end", async () => {
  for (const cluster of clusters) await cluster.stop();
  process.exit(0);
});
