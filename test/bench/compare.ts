/** One thing that is measured, done once per call. */
export interface Subject {
  name: string;
  once(): Promise<unknown>;
}

export interface Comparison {
  title: string;
  subject: Subject;
  reference: Subject;
  /** Calls per round; enough that a round takes some hundred milliseconds. */
  calls: number;
  rounds?: number;
}

export interface Outcome {
  title: string;
  /** Median CPU microseconds of this process per call. */
  subjectCpu: number;
  referenceCpu: number;
  /** Median of the rounds' ratios, subject over reference. */
  cpuRatio: number;
  timeRatio: number;
}

interface Cost {
  cpu: number;
  time: number;
}

/**
 * Measures both in turns (A/B/A/B), so that what else the machine does falls on both alike, and compares round by round.
 * Figures of one machine mean little; the ratios carry over.
 */
export async function compare({ title, subject, reference, calls, rounds = 7 }: Comparison): Promise<Outcome> {
  await measure(subject, Math.ceil(calls / 4));
  await measure(reference, Math.ceil(calls / 4));
  const pairs: { a: Cost; b: Cost }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    pairs.push({ a: await measure(subject, calls), b: await measure(reference, calls) });
  }
  return {
    title,
    subjectCpu: median(pairs.map(({ a }) => a.cpu)),
    referenceCpu: median(pairs.map(({ b }) => b.cpu)),
    cpuRatio: median(pairs.map(({ a, b }) => a.cpu / b.cpu)),
    timeRatio: median(pairs.map(({ a, b }) => a.time / b.time)),
  };
}

/** One line of the report. */
export function describe({ title, subjectCpu, referenceCpu, cpuRatio, timeRatio }: Outcome): string {
  const cpu = `${subjectCpu.toFixed(0)} against ${referenceCpu.toFixed(0)} us CPU a call`;
  return `${title.padEnd(62)} ${cpuRatio.toPrecision(2).padStart(6)}x CPU  ${timeRatio.toPrecision(2).padStart(6)}x time   (${cpu})`;
}

async function measure({ once }: Subject, calls: number): Promise<Cost> {
  const cpu = process.cpuUsage();
  const started = process.hrtime.bigint();
  for (let call = 0; call < calls; call += 1) await once();
  const used = process.cpuUsage(cpu);
  return { cpu: (used.user + used.system) / calls, time: Number(process.hrtime.bigint() - started) / 1000 / calls };
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
