"use client";

import { Switch } from "radix-ui";
import { strings } from "../../lib/strings.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Kbd } from "../ui/kbd.tsx";
import styles from "./shortcuts-dialog.module.css";
import { useSingleKeys } from "./use-shortcuts.ts";

const ALWAYS = [
  [strings.shortcuts.send, ["Enter"]],
  [strings.shortcuts.newline, ["Shift", "Enter"]],
  [strings.shortcuts.stop, ["Esc"]],
] as const;
const SINGLE = [
  [strings.shortcuts.newChat, ["C"]],
  [strings.shortcuts.quickAdd, ["Q"]],
  [strings.shortcuts.focusComposer, ["/"]],
  [strings.shortcuts.help, ["?"]],
] as const;

/** The keys there are, and the switch for those that are a single letter. */
export function ShortcutsDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [singleKeys, setSingleKeys] = useSingleKeys();
  return (
    <Dialog open={open} onClose={onClose} title={strings.shortcuts.title}>
      <dl className={styles.list}>
        {[...ALWAYS, ...(singleKeys ? SINGLE : [])].map(([label, keys]) => (
          <div key={label} className={styles.row}>
            <dt>{label}</dt>
            <dd>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <div className={styles.switchRow}>
        <div>
          <label htmlFor="single-keys">{strings.shortcuts.single}</label>
          <p id="single-keys-hint">{strings.shortcuts.singleHint}</p>
        </div>
        <Switch.Root
          id="single-keys"
          aria-describedby="single-keys-hint"
          className={styles.switch}
          checked={singleKeys}
          onCheckedChange={setSingleKeys}
        >
          <Switch.Thumb className={styles.thumb} />
        </Switch.Root>
      </div>
    </Dialog>
  );
}
