import { frontend } from "../../../server/instance.ts";

export const GET = (request: Request): Promise<Response> => frontend().routes.config(request);
