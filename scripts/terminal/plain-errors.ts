import { errorText } from "@taskassistant/cluster/machine";

/**
 * What ends a program is told in its own words, without the stack that is for us; `DEBUG=1` shows that as well.
 * @param program as the person called it
 */
export function tellErrorsPlainly(program: string): void {
  process.on("uncaughtException", (error: unknown) => {
    console.error(`${program}: ${errorText(error)}`);
    if (process.env.DEBUG === "1" && error instanceof Error) console.error(error.stack);
    process.exit(1);
  });
}
