import { frontend } from "../../../server/instance.ts";

export const dynamic = "force-dynamic";

export const GET = (): Response => frontend().routes.config();
