import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A connection on which a test sends exactly these bytes. */
export interface RawSocket {
  readonly socket: Socket;
  send(text: string): void;
  /** Everything received so far. */
  received(): string;
  /** Resolves with everything received once the other end has closed, or rejects after `ms`. */
  closed(ms?: number): Promise<string>;
}

/** Opens a connection to a port of this machine. A reset by the other end counts as its close. */
export async function rawSocket(port: number): Promise<RawSocket> {
  const socket = connect(port, "127.0.0.1");
  let received = "";
  socket.setEncoding("latin1").on("data", (text: string) => {
    received += text;
  });
  const gone = new Promise<string>((resolve) => socket.once("close", () => resolve(received)));
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return {
    socket,
    send: (text) => void socket.write(text),
    received: () => received,
    closed: (ms = 10_000) => {
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => late.reject(new Error(`still open after ${ms} ms: ${received}`)), ms);
      return Promise.race([gone, late.promise]).finally(() => {
        clearTimeout(timer);
        socket.destroy();
      });
    },
  };
}
