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

/** Chooses the usual port of each listener, or the next free one if it is taken. No port is chosen twice. */
export async function choosePorts(): Promise<Ports> {
  const chosen: Partial<Ports> = {};
  for (const name of Object.keys(PREFERRED) as (keyof Ports)[]) {
    chosen[name] = await freePortFrom(PREFERRED[name], Object.values(chosen));
  }
  return chosen as Ports;
}
