import { type ChildProcess, spawn } from "node:child_process";

/**
 * Waits until standard input closes, because this process let go or is gone, and then ends the program's process group or
 * else the program. A program that has ended by itself may have left others of its group. The folder, a cgroup, is busy
 * for a moment after its last process has ended.
 */
const KEEPER = `
trap '' INT TERM HUP
read -r word
if [ "$1" != 0 ]; then
  kill -s KILL -- "-$1" 2>/dev/null || [ "$word" = over ] || kill -s KILL "$1" 2>/dev/null
fi
[ "$word" = over ] && exit 0
[ -n "$2" ] || exit 0
for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  rmdir "$2" 2>/dev/null
  [ -d "$2" ] || exit 0
  sleep 0.25
done
`;

/**
 * Ends the program, with SIGKILL, when this process has gone, however it ended: SIGKILL of a test leaves nothing behind. With
 * `detached: true` the program leads a process group, which ends as a whole, also after the program itself.
 */
export function endWithOwner<Child extends ChildProcess>(child: Child): Child {
  // It could not be started, which its error event says.
  if (child.pid === undefined) return child;
  child.once("exit", keep(child.pid, ""));
  return child;
}

/** Removes the folder, which must be empty by then, when this process has gone. @returns what calls this off */
export function removeWithOwner(folder: string): () => void {
  return keep(0, folder);
}

function keep(pid: number, folder: string): () => void {
  const keeper = spawn("/bin/sh", ["-c", KEEPER, "keeper", String(pid), folder], {
    // A process group of its own: whoever ends that of this process must not end the keeper as well.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    cwd: "/",
    // The types of Next.js demand the variable.
    env: { PATH: "/usr/bin:/bin", NODE_ENV: "test" },
  });
  // It keeps nobody waiting.
  keeper.unref();
  (keeper.stdin as unknown as { unref(): void }).unref();
  keeper.stdin.on("error", () => {});
  return () => keeper.stdin.end("over\n");
}
