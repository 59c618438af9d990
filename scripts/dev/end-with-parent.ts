/**
 * Preloaded into every process of `make dev`: when the supervisor is gone, however it went, its children end too instead
 * of holding their ports for ever.
 */
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
}, 1_000).unref();
