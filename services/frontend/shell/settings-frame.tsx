import { SettingsLayout } from "../features/settings/settings-layout.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

/** The empty settings page, as the server sends it. */
export function SettingsFrame() {
  return (
    <SettingsLayout>
      <Skeleton lines={8} />
    </SettingsLayout>
  );
}
