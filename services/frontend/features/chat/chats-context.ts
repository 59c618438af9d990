"use client";

import { requiredContext } from "../../lib/required-context.ts";
import type { Chats } from "./store/chats.ts";

const [ChatsContext, useChats] = requiredContext<Chats>("The open chats");

export { ChatsContext, useChats };
