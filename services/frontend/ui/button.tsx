import type { ComponentProps } from "react";
import styles from "./button.module.css";
import { classes } from "./classes.ts";

type ButtonProps = ComponentProps<"button"> & { tone?: "primary" | "quiet" | "plain" | "danger"; wide?: boolean };

/**
 * A button with words: `primary` for the main action, `plain` for the others. While its action runs, use `aria-disabled`
 * rather than `disabled`, since a disabled button loses the focus.
 */
export function Button({ tone = "plain", wide = false, className, type = "button", ...rest }: ButtonProps) {
  return (
    <button type={type} className={classes(styles.button, styles[tone], wide && styles.wide, className)} {...rest} />
  );
}

type IconButtonProps = Omit<ComponentProps<"button">, "aria-label"> & { label: string; size?: "small" | "normal" };

/** A button with an icon. Its label is its accessible name and its tooltip. */
export function IconButton({ label, size = "normal", className, type = "button", ...rest }: IconButtonProps) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={classes(styles.icon, styles[size], className)}
      {...rest}
    />
  );
}
