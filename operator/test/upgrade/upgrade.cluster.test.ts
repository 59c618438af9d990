import { describe, expect, it } from "vitest";
import { TIERS } from "../../src/api/taskassistants/v1alpha1/index.ts";
import { eventually } from "../harness/cluster-harness.ts";
import { imagesOf, notReady, upgradeHarness } from "../harness/upgrade-harness.ts";

const ready = upgradeHarness("operator-upgrade");

describe.concurrent("an upgrade", () => {
  it("follows the operator as the policy and the window say, and an operator with a newer release changes no pod", async () => {
    const demo = await ready("followed", { model: { provider: "Demo" }, upgrade: { policy: "Manual" } });
    const before = await demo.podUids();
    await demo.restart("0.2.0");
    await demo.is("Upgradeable", "True", "NewerRelease");
    expect(await demo.podUids()).toEqual(before);

    const window = { schedule: "0 0 29 2 *", duration: "1m", timeZone: "UTC" };
    await demo.change({ upgrade: { policy: "Automatic", window } });
    await demo.is("Upgradeable", "True", "WaitingForWindow");
    expect(await demo.podUids()).toEqual(before);

    const watched = demo.watch();
    await demo.annotate({ "taskassistant.dev/upgrade-now": "0.2.0" });
    await demo.reaches("Done", "0.2.0");
    const lines = await watched.stop(["# 0.2.0: it works"]);
    expect((await demo.get())?.status).toMatchObject({
      version: { running: "0.2.0", target: "0.2.0" },
      upgrade: { step: "Done", from: "0.1.0", to: "0.2.0" },
      database: { schemaVersion: 11 },
    });
    expect(await demo.images()).toEqual(imagesOf("0.2.0"));
    expect(notReady(lines)).toEqual([]);

    await demo.change({ version: "0.1.0", upgrade: { window: null } });
    await demo.reaches("Done", "0.1.0");
    const older = await demo.get();
    expect(older?.status).toMatchObject({ version: { running: "0.1.0" }, database: { schemaVersion: 11 } });
  });

  it("goes on after a restart of the operator at each step, through the release in between, and never back over a contraction", async () => {
    const demo = await ready("resumed");
    const gates = { Migrate: "migrate", MCP: "mcp", API: "api", Frontend: "frontend", Verify: "answers" };
    for (const gate of Object.values(gates)) demo.plays(gate, "pending");
    await demo.change({ version: "0.2.1", frontend: { envFrom: [{ secretRef: { name: "later" } }] } });
    await demo.reaches("Preflight", "0.2.0");
    await demo.restart();
    const { client, signal } = demo.harness;
    const metadata = { namespace: demo.namespace, name: "later" };
    await client.create({ apiVersion: "v1", kind: "Secret", metadata }, { signal });
    const moved: string[] = [];
    for (const [step, gate] of Object.entries(gates)) {
      const { status } = await demo.reaches(step, "0.2.0");
      expect(status?.version?.running).toBe("0.1.0");
      moved.push(gate);
      const expected = TIERS.map((tier) => `registry.test/${tier}:${moved.includes(tier) ? "0.2.0" : "0.1.0"}`);
      await eventually(`${step} is carried out`, async () => `${await demo.images()}` === `${expected}`);
      await demo.restart();
      demo.plays(gate);
    }
    await demo.reaches("Done", "0.2.1");
    expect(await demo.images()).toEqual(imagesOf("0.2.1"));

    await demo.change({ version: "0.1.0" });
    const refused = await demo.is("Upgradeable", "False", "DowngradeRefused");
    expect(refused.status?.version?.running).toBe("0.2.1");
    expect(await demo.images()).toEqual(imagesOf("0.2.1"));
  });

  it("is cancelled by naming the release that runs, and ends at once for another", async () => {
    const demo = await ready("changed");
    await demo.change({ version: "0.5.0" });
    await demo.reaches("Frontend", "0.5.0");
    await demo.change({ version: "0.1.0" });
    const { status } = await demo.reaches("RolledBack", "0.5.0");
    expect(status?.upgrade?.tries).toBeUndefined();
    expect(await demo.images()).toEqual(imagesOf("0.1.0"));

    await demo.change({ version: "0.5.0" });
    await demo.reaches("Frontend", "0.5.0");
    await demo.change({ version: "0.2.0" });
    await demo.reaches("Done", "0.2.0");
    expect(await demo.images()).toEqual(imagesOf("0.2.0"));
  });
});
