import { freePort } from "../up/free-port.ts";

const PREFERRED = {
  frontend: 3000,
  exchange: 3001,
  api: 8000,
  mcp: 8001,
  model: 8002,
  frontendHealth: 9090,
  apiHealth: 9091,
  mcpHealth: 9092,
  postgres: 54_320,
} as const;

export type Ports = Record<keyof typeof PREFERRED, number>;

/** The usual port of each listener or, where that is taken, the next free one. No port is given twice. */
export async function choosePorts(): Promise<Ports> {
  const chosen = new Map<string, number>();
  for (const [name, preferred] of Object.entries(PREFERRED)) {
    let port = await freePort(preferred);
    while ([...chosen.values()].includes(port)) port = await freePort(port + 1);
    chosen.set(name, port);
  }
  return Object.fromEntries(chosen) as Ports;
}
