import { frontend } from "../../../../server/instance.ts";

const handle = (request: Request): Promise<Response> => frontend().routes.people(request);

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT };
