/** Next.js calls this once when a server starts, before it serves requests. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { start } = await import("./server/lifecycle/start.ts");
  await start();
}
