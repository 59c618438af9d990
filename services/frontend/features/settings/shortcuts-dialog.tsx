"use client";

import { Switch } from "radix-ui";
import { useSingleKeys } from "../../lib/keyboard.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import styles from "./shortcuts-dialog.module.css";
import { words } from "./words.ts";

const ALWAYS = [
  { action: "send", keys: ["Enter"] },
  { action: "newLine", keys: ["Shift", "Enter"] },
  { action: "stop", keys: ["Esc"] },
  { action: "undo", keys: ["Ctrl", "Z"] },
] as const;
const SINGLE = [
  { action: "newChat", keys: ["C"] },
  { action: "quickAdd", keys: ["Q"] },
  { action: "focusComposer", keys: ["/"] },
  { action: "help", keys: ["?"] },
] as const;

/** All keyboard shortcuts, and the switch for those that are a single key. */
export function ShortcutsDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [singleKeys, setSingleKeys] = useSingleKeys();
  return (
    <Dialog open={open} onClose={onClose} title={words.shortcuts}>
      <dl className={styles.list}>
        {[...ALWAYS, ...(singleKeys ? SINGLE : [])].map(({ action, keys }) => (
          <div key={action} className={styles.row}>
            <dt>{words.actions[action]}</dt>
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
          <label htmlFor="single-keys">{words.singleKeys}</label>
          <p id="single-keys-hint">{words.singleKeysHint}</p>
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
