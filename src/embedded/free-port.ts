import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** Ports below those that Linux (32768), macOS and Windows (49152) give to whoever names none. */
const UNASSIGNED = { from: 20_000, to: 32_768 };
const ATTEMPTS = 20;

/** Whether nothing listens on a port of loopback; with 0 any port. Null where it is taken. */
function tried(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer().once("error", () => resolve(null));
    probe.listen(port, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(address !== null && typeof address === "object" ? address.port : null));
    });
  });
}

/**
 * A port of loopback on which nothing listens now. It lies outside the range from which the system serves those who name no port, so
 * that nobody gets it by chance between this look and the moment when it is used, nor while its server is down.
 * @throws Error where no port of this machine can be had.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = await tried(randomInt(UNASSIGNED.from, UNASSIGNED.to));
    if (port !== null) return port;
  }
  const any = await tried(0);
  if (any === null) throw new Error("no port of 127.0.0.1 can be had");
  return any;
}
