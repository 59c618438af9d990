"use client";

import { createAuth } from "../features/session/auth.ts";
import { createApi } from "../lib/api.ts";
import { Boot } from "./boot.tsx";
import { Frame } from "./frame.tsx";
import { SignedIn } from "./signed-in.tsx";

/** The page with chat and tasks. */
export function Home() {
  return (
    <Boot load={load} frame={<Frame />}>
      {({ me, user }) => <SignedIn me={me} user={user} />}
    </Boot>
  );
}

async function load() {
  const [me, user] = await Promise.all([createApi().me(), createAuth().user()]);
  return { me, user: user ?? { id: me.user_id, name: "", email: "" } };
}
