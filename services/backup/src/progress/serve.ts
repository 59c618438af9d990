import { createServer, type Server } from "node:http";
import type { Progress } from "./progress.ts";

/** Answers `GET /progress`. A port that is taken is no reason to lose a backup, so it goes on without. */
export async function serveProgress(progress: Progress, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const known = request.method === "GET" && request.url === "/progress";
    response.writeHead(known ? 200 : 404, { "content-type": "application/json", connection: "close" });
    response.end(known ? JSON.stringify(progress) : '{"message":"ask for GET /progress"}');
  });
  server.unref();
  await new Promise<void>((resolve) => {
    server.once("error", () => resolve());
    server.listen(port, () => resolve());
  });
  return server;
}
