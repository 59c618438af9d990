"use client";

import type { Auth, SignedInUser } from "../../lib/data/auth.ts";
import { strings } from "../../lib/strings.ts";
import { Dialog } from "../ui/dialog.tsx";
import { AuthForm } from "./auth-form.tsx";
import styles from "./sign-in-dialog.module.css";

type SignInDialogProps = { user: SignedInUser; auth: Auth; onDone: () => void };

/** Signs in again without leaving the page, so that nothing typed is lost. Another person's sign-in starts afresh. */
export function SignInDialog({ user, auth, onDone }: SignInDialogProps) {
  const finish = async () => {
    const now = await auth.user();
    if (now !== null && now.id !== user.id) window.location.assign("/");
    else onDone();
  };
  return (
    <Dialog open required onClose={() => {}} title={strings.auth.dialogTitle} lead={strings.auth.dialogLead}>
      <AuthForm kind="sign-in" auth={auth} email={user.email} onDone={() => void finish()} />
      <a className={styles.leave} href="/sign-in">
        {strings.auth.dialogOther}
      </a>
    </Dialog>
  );
}
