import { errorText } from "@taskassistant/cluster/machine";

/**
 * Reports an uncaught error as one message without its stack. `DEBUG=1` prints the stack as well.
 * @param program the command as the user typed it
 */
export function tellErrorsPlainly(program: string): void {
  process.on("uncaughtException", (error: unknown) => {
    console.error(`${program}: ${errorText(error)}`);
    if (process.env.DEBUG === "1" && error instanceof Error) console.error(error.stack);
    process.exit(1);
  });
}
