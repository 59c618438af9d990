/** Called once by Next.js when a server starts, before it serves. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { start } = await import("./server/lifecycle/start.ts");
  await start();
}
