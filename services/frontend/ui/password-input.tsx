"use client";

import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { IconButton } from "./button.tsx";
import { Input } from "./field.tsx";
import { Icon } from "./icon.tsx";
import styles from "./password-input.module.css";
import { words } from "./words.ts";

/** A password, which the person can look at. Pasting and password managers work. */
export function PasswordInput(props: Omit<ComponentProps<"input">, "type">) {
  const [shown, setShown] = useState(false);
  return (
    <div className={styles.password}>
      <Input {...props} type={shown ? "text" : "password"} autoCapitalize="none" spellCheck={false} />
      <IconButton
        label={shown ? words.hidePassword : words.showPassword}
        onClick={() => setShown(!shown)}
        disabled={props.disabled}
      >
        <Icon of={shown ? EyeOff : Eye} />
      </IconButton>
    </div>
  );
}
