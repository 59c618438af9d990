"use client";

import type { DynamicToolUIPart } from "ai";
import styles from "./tool-details.module.css";
import { words } from "./words.ts";

/** The calls as they were made, for people who want to see them. */
export function ToolDetails({ calls }: { calls: readonly DynamicToolUIPart[] }) {
  return (
    <div className={styles.details}>
      {calls.map((call) => (
        <dl key={call.toolCallId}>
          <Json label={words.input(call.toolName)} value={call.input} />
          {call.state === "output-available" && <Json label={words.result} value={call.output} />}
          {call.state === "output-error" && <Json label={words.error} value={call.errorText} />}
        </dl>
      ))}
    </div>
  );
}

function Json({ label, value }: { label: string; value: unknown }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long values must be scrollable by keyboard */}
        <pre tabIndex={0}>{typeof value === "string" ? value : JSON.stringify(value, null, 2)}</pre>
      </dd>
    </>
  );
}
