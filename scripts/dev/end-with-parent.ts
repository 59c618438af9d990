/**
 * Preloaded into every process of `make dev`: when the supervisor is gone, however it went, its children end too instead
 * of holding their ports for ever. `node --watch` does not load this itself, so the process below it sees to both.
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
