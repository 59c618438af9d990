import type { Metadata } from "next";
import { AuthPage } from "../../features/session/auth-page.tsx";
import { words } from "../../features/session/words.ts";

export const metadata: Metadata = { title: words.signIn };

export default function SignInPage() {
  return <AuthPage kind="sign-in" />;
}
