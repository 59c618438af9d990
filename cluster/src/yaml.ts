import { stringify } from "yaml";
import { writeAtomically } from "./machine/files.ts";

/** Apart from the other files, since what writes those must run where no package is installed: `make clean`. */
export function writeYaml(path: string, value: unknown, mode = 0o644): void {
  writeAtomically(path, stringify(value, { lineWidth: 0 }), mode);
}
