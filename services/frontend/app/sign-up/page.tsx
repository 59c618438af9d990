import type { Metadata } from "next";
import { AuthPage } from "../../components/auth/auth-page.tsx";
import { strings } from "../../lib/strings.ts";

export const metadata: Metadata = { title: strings.auth.signUp };

export default function SignUpPage() {
  return <AuthPage kind="sign-up" />;
}
