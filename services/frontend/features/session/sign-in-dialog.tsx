"use client";

import { Dialog } from "../../ui/dialog.tsx";
import type { Auth, SignedInUser } from "./auth.ts";
import { AuthForm } from "./auth-form.tsx";
import styles from "./sign-in-dialog.module.css";
import { words } from "./words.ts";

interface SignInDialogProps {
  user: SignedInUser;
  auth: Auth;
  onDone: () => void;
}

/** Signs in again without leaving the page, so that no typed text is lost. For another person the page starts over. */
export function SignInDialog({ user, auth, onDone }: SignInDialogProps) {
  const finish = async () => {
    const now = await auth.user();
    if (now !== null && now.id !== user.id) window.location.assign("/");
    else onDone();
  };
  return (
    <Dialog open required onClose={() => {}} title={words.dialogTitle} lead={words.dialogLead}>
      <AuthForm kind="sign-in" auth={auth} email={user.email} onDone={() => void finish()} />
      <a className={styles.leave} href="/sign-in">
        {words.dialogOther}
      </a>
    </Dialog>
  );
}
