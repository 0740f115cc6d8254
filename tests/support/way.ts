import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { Transform } from "node:stream";
import { freePort } from "../../src/embedded/free-port.ts";

/** What happens in the middle of the server's bytes: the connection breaks, or nothing passes either way any more, or the rest waits for an act. */
type Mishap = "cut" | "silence" | (() => Promise<void>);

/** A way to a server of this machine. */
export interface Way {
  readonly port: number;
  /** From now on nothing gets through, and what was on its way is cut off. */
  shut(): Promise<void>;
  reopen(): Promise<void>;
  /** What happens, once, behind a text that the server sends; `then` is called when it does. */
  behind(text: string, mishap: Mishap, then?: () => void): void;
}

/** The way to the server at a port, which can be shut and on which things go wrong. */
export async function openWay(port: number): Promise<Way> {
  const sockets = new Set<Socket>();
  let waiting: { readonly text: string; readonly mishap: Mishap; readonly then: () => void } | null = null;
  /** Passes bytes on until one of them ends the text that is waited for. */
  const passing = (silence: () => void) => {
    let tail = "";
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        const seen = tail + chunk.toString("latin1");
        const at = waiting === null ? -1 : seen.indexOf(waiting.text);
        const [before, length] = [tail.length, waiting?.text.length ?? 0];
        tail = seen.slice(-200);
        if (waiting === null || at < 0) return void done(null, chunk);
        const { mishap, then } = waiting;
        waiting = null;
        this.push(chunk.subarray(0, Math.max(0, at + length - before)));
        const rest = chunk.subarray(Math.max(0, at + length - before));
        if (mishap === "cut") this.push(null);
        else if (mishap === "silence") silence();
        else mishap().then(() => done(null, rest), done);
        then();
      },
    });
  };
  const server: Server = createServer((from) => {
    const to = connect(port, "127.0.0.1");
    let isSilent = false;
    const silence = () => {
      isSilent = true;
      from.unpipe(to);
    };
    for (const socket of [from, to]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        // What the server said before it ended the connection is still on its way through.
        if (isSilent || (socket === to && to.readableEnded)) return;
        from.destroy();
        to.destroy();
      });
    }
    from.pipe(to).pipe(passing(silence)).pipe(from);
  });
  const own = await freePort();
  const listen = async () => void (await once(server.listen(own, "127.0.0.1"), "listening"));
  await listen();
  const shut = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    port: own,
    shut,
    reopen: listen,
    behind: (text, mishap, then = () => undefined) => {
      waiting = { text, mishap, then };
    },
  };
}
