import { frontend } from "../../../../server/instance.ts";

const handle = (request: Request): Promise<Response> => frontend().routes.auth(request);

export { handle as GET, handle as POST };
