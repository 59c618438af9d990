import { freePortFrom } from "@taskassistant/cluster/machine";

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
  const chosen: Partial<Ports> = {};
  for (const name of Object.keys(PREFERRED) as (keyof Ports)[]) {
    chosen[name] = await freePortFrom(PREFERRED[name], Object.values(chosen));
  }
  return chosen as Ports;
}
