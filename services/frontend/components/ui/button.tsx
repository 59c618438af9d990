import type { ComponentProps } from "react";
import { classes } from "../../lib/classes.ts";
import styles from "./button.module.css";

type ButtonProps = ComponentProps<"button"> & { tone?: "primary" | "quiet" | "plain" | "danger"; wide?: boolean };

/**
 * A button with words. `primary` for the one thing to do, `plain` for the others. While something runs that it started,
 * `aria-disabled` rather than `disabled`: a disabled button loses the focus.
 */
export function Button({ tone = "plain", wide = false, className, type = "button", ...rest }: ButtonProps) {
  return (
    <button type={type} className={classes(styles.button, styles[tone], wide && styles.wide, className)} {...rest} />
  );
}

type IconButtonProps = Omit<ComponentProps<"button">, "aria-label"> & { label: string; size?: "small" | "normal" };

/** A button with an icon; its name is said and shown as a tooltip. */
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
