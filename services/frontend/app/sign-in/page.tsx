import type { Metadata } from "next";
import { AuthPage } from "../../components/auth/auth-page.tsx";
import { strings } from "../../lib/strings.ts";

export const metadata: Metadata = { title: strings.auth.signIn };

export default function SignInPage() {
  return <AuthPage kind="sign-in" />;
}
