"use client";

import { Switch } from "radix-ui";
import { commandKey, useSingleKeys } from "../../lib/keyboard.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import styles from "./shortcuts-dialog.module.css";
import { words } from "./words.ts";

/** `Mod` is Cmd on a Mac and Ctrl elsewhere; keys of one entry that are alternatives stand in lists of their own. */
const GROUPS = [
  {
    name: "everywhere",
    shortcuts: [
      { action: "palette", keys: [["Mod", "K"]] },
      { action: "undo", keys: [["Mod", "Z"]] },
    ],
  },
  {
    name: "message",
    shortcuts: [
      { action: "send", keys: [["Enter"]] },
      { action: "newLine", keys: [["Shift", "Enter"]] },
      { action: "stop", keys: [["Esc"]] },
    ],
  },
  {
    name: "list",
    shortcuts: [
      { action: "move", keys: [["↑"], ["↓"], ["K"], ["J"]] },
      { action: "ends", keys: [["Home"], ["End"]] },
      { action: "controls", keys: [["←"], ["→"]] },
      { action: "edit", keys: [["E"], ["Enter"]] },
      { action: "complete", keys: [["X"]] },
      { action: "today", keys: [["T"]] },
      { action: "remove", keys: [["D"]] },
      { action: "select", keys: [["Space"]] },
      {
        action: "selectOn",
        keys: [
          ["Shift", "↓"],
          ["Shift", "↑"],
        ],
      },
    ],
  },
  {
    name: "single",
    shortcuts: [
      { action: "newChat", keys: [["C"]] },
      { action: "quickAdd", keys: [["Q"]] },
      { action: "focusComposer", keys: [["/"]] },
      { action: "help", keys: [["?"]] },
    ],
  },
] as const;

/** All keyboard shortcuts, and the switch for those that are a single key. */
export function ShortcutsDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [singleKeys, setSingleKeys] = useSingleKeys();
  return (
    <Dialog open={open} onClose={onClose} title={words.shortcuts}>
      {GROUPS.map(({ name, shortcuts }) => (
        <section key={name} aria-labelledby={`keys-${name}`} hidden={name === "single" && !singleKeys}>
          <h3 id={`keys-${name}`} className={styles.heading}>
            {words.keyGroups[name]}
          </h3>
          <dl className={styles.list}>
            {shortcuts.map(({ action, keys }) => (
              <div key={action} className={styles.row}>
                <dt>{words.actions[action]}</dt>
                <dd>
                  {keys.map((combination) => (
                    <span key={combination.join()} className={styles.keys}>
                      {combination.map((key) => (
                        <Kbd key={key}>{key === "Mod" ? commandKey() : key}</Kbd>
                      ))}
                    </span>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
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
