/** Moments of one way of doing something, as names of stages that end there. */
export interface Marks {
  end(stage: string): void;
}

const seconds = (ms: number) => Math.round(ms) / 1000;

/** Plays one way in this process, and prints what it took for whoever started it; `rows` is what the way gives. */
export async function playSide(way: ((marks: Marks) => Promise<number>) | undefined): Promise<void> {
  const ends: { stage: string; at: number }[] = [];
  const cpu = process.cpuUsage();
  const began = performance.now();
  const rows = (await way?.({ end: (stage) => ends.push({ stage, at: performance.now() }) })) ?? Number.NaN;
  const ended = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  const all = ends.length === 0 ? [] : [...ends, { stage: "load", at: ended }];
  const stages = all.map(({ stage, at }, i) => ({ stage, seconds: seconds(at - (all[i - 1]?.at ?? began)) }));
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  const found = { seconds: seconds(ended - began), cpu_seconds: seconds((user + system) / 1000), peak_mb: peak };
  console.log(JSON.stringify({ ...found, stages, rows, wrong: [] }));
}
