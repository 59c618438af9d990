import { frontend } from "../../../server/instance.ts";

export const POST = (request: Request): Promise<Response> => frontend().routes.token(request);
