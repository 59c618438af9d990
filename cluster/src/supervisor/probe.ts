import { existsSync, readFileSync } from "node:fs";
import { get as httpGet } from "node:http";
import { get as httpsGet } from "node:https";
import { connect, type Socket } from "node:net";
import type { Probe } from "./spec.ts";

const TIMEOUT_MS = 2_000;

/** True if the process answers the probe (HTTP: 2xx). Never throws, since an unreachable process is just not ready. */
export function probe(what: Probe): Promise<boolean> {
  switch (what.kind) {
    case "file":
      return Promise.resolve(existsSync(what.path));
    case "socket":
      return connects(connect(what.path));
    case "tcp":
      return connects(connect(what.port, what.host));
    case "http":
      return probeHttp(what);
  }
}

function connects(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

function probeHttp(what: Extract<Probe, { kind: "http" }>): Promise<boolean> {
  const file = (path: string | undefined) => (path === undefined ? undefined : readFileSync(path));
  return new Promise((resolve) => {
    const get = what.url.startsWith("https:") ? httpsGet : httpGet;
    const request = get(
      what.url,
      {
        agent: false,
        timeout: TIMEOUT_MS,
        ca: file(what.caFile),
        cert: file(what.certFile),
        key: file(what.keyFile),
        rejectUnauthorized: what.insecure !== true,
      },
      (response) => {
        response.resume();
        const code = response.statusCode ?? 0;
        resolve(code >= 200 && code < 300);
      },
    );
    request.once("timeout", () => request.destroy()).once("error", () => resolve(false));
  });
}
