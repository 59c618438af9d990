export { type Dropped, type ReadOptions, readTask } from "./read-task.ts";
export type { ImpossibleDate, LocalTime, Part, PartKind, Reading, Repeat, Surroundings } from "./reading.ts";
