import { describe, expect, it } from "vitest";
import { BROKEN } from "../fixtures/played-releases.ts";
import { recordedOf } from "../harness/assistant-watch.ts";
import { eventually } from "../harness/cluster-harness.ts";
import { imagesOf, notReady, SPEC, upgradeHarness } from "../harness/upgrade-harness.ts";

const ready = upgradeHarness("operator-broken-releases");

describe.concurrent("a broken release", () => {
  it.each(BROKEN)("(%s: %s) is rolled back by itself, the old pods serving all the time", async (...broken) => {
    const [version, what, step, reason] = broken;
    // The controller of Jobs has a clock of its own, so a migration that hangs must soon have hung for too long.
    const database = step === "Migrate" ? { database: { migrations: { timeout: "10s" } } } : {};
    const demo = await ready(`broken-${version.replaceAll(".", "-")}`, { ...SPEC, ...database });
    const watched = demo.watch();
    await demo.change({ version });
    // A Job that fails, or misses its own deadline, is a failure by itself.
    if (step !== "Migrate") {
      await demo.reaches(step, version);
      if (reason !== "DeadlineExceeded") await demo.tells(reason);
      await demo.pass(11);
    }
    // Half a minute later the operator tries again.
    const { status } = await demo.reaches("RolledBack", version);
    const images = await demo.images();
    const lines = await watched.stop([`# ${version}: ${what}`]);
    expect(status?.upgrade).toMatchObject({ failedVersion: version, failedStep: step, reason, tries: 1, rollbacks: 1 });
    expect(status?.version).toMatchObject({ running: "0.1.0", target: version });
    expect(images).toEqual(imagesOf("0.1.0"));
    expect(step === "Verify" ? [] : notReady(lines)).toEqual([]);
  });

  it("is given up after three tries, with the reason and the next command, until the spec asks for another", async () => {
    const [version, , step, reason] = BROKEN[0];
    const demo = await ready("given-up");
    const watched = demo.watch();
    await demo.change({ version });
    for (const tries of [1, 2, 3]) {
      await demo.reaches(step, version);
      await demo.tells(reason);
      await demo.pass(11);
      await eventually(`try ${tries}`, async () => {
        const record = recordedOf(await demo.get());
        return record.step === "RolledBack" && record.tries === tries;
      });
      await demo.pass(2);
    }
    await demo.pass(60);
    const failed = await demo.is("Stalled", "True", "NotUpgradeable");
    const lines = await watched.stop([`# ${version}: three times`]);
    expect(notReady(lines)).toEqual([]);
    expect(failed.status?.upgrade).toMatchObject({ tries: 3, rollbacks: 3, step: "RolledBack" });
    const upgradeable = failed.status?.conditions?.find(({ type }) => type === "Upgradeable");
    expect(upgradeable).toMatchObject({ status: "False", reason: "UpgradeFailed" });
    expect(upgradeable?.message).toContain(`failed 3 times, last in step ${step}. Image registry.test/api:0.3.0`);
    expect(upgradeable?.message).toContain("Next: kubectl");
    await demo.is("Ready", "True");
    expect(await demo.images()).toEqual(imagesOf("0.1.0"));
    await demo.change({ version: "0.2.0" });
    await demo.reaches("Done", "0.2.0");
  });
});
