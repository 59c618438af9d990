/**
 * Preloaded into every process of `make dev`. When the supervisor has ended for any reason, its children end too and
 * release their ports. `node --watch` does not load this file itself, so the process below it also ends its parent.
 */
const supervisor = Number(process.env.DEV_SUPERVISOR_PID);
const parent = process.ppid;

function supervised(): boolean {
  try {
    process.kill(supervisor, 0);
    return true;
  } catch {
    return false;
  }
}

setInterval(() => {
  if (supervised()) return;
  if (process.ppid === parent) process.kill(parent, "SIGTERM");
  process.kill(process.pid, "SIGTERM");
}, 1_000).unref();
