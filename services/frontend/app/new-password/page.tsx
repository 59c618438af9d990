import type { Metadata } from "next";
import { LinkPage } from "../../features/session/link-page.tsx";
import { words } from "../../features/session/words.ts";

export const metadata: Metadata = { title: words.newPasswordTitle, referrer: "no-referrer" };

export default function NewPasswordPage() {
  return <LinkPage kind="password" />;
}
