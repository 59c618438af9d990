"use client";

import { useMemo, useState } from "react";
import { createAuth } from "../features/session/auth.ts";
import { SessionProvider } from "../features/session/session-provider.tsx";
import { createAccountClient } from "../features/settings/account/account-client.ts";
import { SettingsPage } from "../features/settings/settings-page.tsx";
import { clearDrafts } from "../lib/drafts.ts";
import { ApiError } from "../lib/errors/api-error.ts";
import { Boot } from "./boot.tsx";
import { SettingsFrame } from "./settings-frame.tsx";

type Loaded = Awaited<ReturnType<typeof load>>;

/** The page on which people change what concerns their account. It needs no data of the assistant, so it works without the API. */
export function Settings() {
  return (
    <Boot load={load} frame={<SettingsFrame />}>
      {(loaded) => <SignedInSettings {...loaded} />}
    </Boot>
  );
}

async function load() {
  const auth = createAuth();
  const [sessions, user] = await Promise.all([createAccountClient().sessions(), auth.user()]);
  if (user === null) throw new ApiError({ status: 0, code: "offline", detail: "" });
  return { sessions, user, auth };
}

function SignedInSettings({ sessions, user, auth }: Loaded) {
  const [lost, setLost] = useState(false);
  const account = useMemo(() => createAccountClient({ onUnauthorized: () => setLost(true) }), []);
  return (
    <SessionProvider user={user} auth={auth} lost={lost} onBack={() => setLost(false)} onSignedOut={clearDrafts}>
      <SettingsPage account={account} sessions={sessions} />
    </SessionProvider>
  );
}
