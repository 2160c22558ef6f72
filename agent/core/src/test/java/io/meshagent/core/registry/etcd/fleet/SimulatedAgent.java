package io.meshagent.core.registry.etcd.fleet;

import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.RegistrationState;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.SignsOfLife;
import io.meshagent.core.registry.etcd.lease.EtcdRegistration;
import io.meshagent.core.registry.etcd.mirror.EtcdMirror;
import io.meshagent.core.registry.etcd.mirror.MirrorReader;
import io.meshagent.core.registry.etcd.mirror.MirrorRecord;
import io.meshagent.core.registry.etcd.mirror.MirroredEtcd;
import io.meshagent.core.run.TaskLoop;
import java.util.List;

/**
 * One agent of a fleet: its own registration, its mirror of the directory and that of documents, as
 * {@code EtcdRegistry} makes them. What is mirrored is counted and not kept, so that ten thousand
 * have room.
 */
final class SimulatedAgent {

  private static final int LEASE_SECONDS = 15;

  /** Services of a fleet. */
  private static final int SERVICES = 200;

  private final TaskLoop loop;
  private final EtcdRegistration registration;
  private final EtcdMirror services;
  private final EtcdMirror documents;
  private final String key;
  private final String report;
  private final int number;
  private int known;

  SimulatedAgent(SimulatedEtcd etcd, FleetClock clock, int number) {
    this.number = number;
    this.loop = clock.loop();
    SignsOfLife signs = new SignsOfLife();
    this.registration = new EtcdRegistration(etcd, loop, LEASE_SECONDS, signs);
    MirroredEtcd source =
        new MirroredEtcd(etcd, loop, 1, LEASE_SECONDS, new MirrorRecord(loop), signs);
    this.services = new EtcdMirror(source, "/services/", new Counting());
    this.documents = new EtcdMirror(source, "/mesh/policies/", new Counting());
    this.key =
        "/services/shop.orders.v1.Service"
            + number % SERVICES
            + "/10.0."
            + number / 250
            + "."
            + number % 250
            + ":50051";
    this.report = "/mesh/agents/" + Integer.toHexString(number * 0x9e3779b9);
  }

  private String value(String more) {
    return "{\"Op\":0,\"Addr\":\""
        + key.substring(key.lastIndexOf('/') + 1)
        + "\",\"Metadata\":null,\"Mesh\":{\"admin\":\"127.0.0.1:26464\",\"agent\":\"0.1.0\","
        + "\"application\":\"orders-backend\",\"scheme\":\"http\",\"started\":\"1795955400000\","
        + "\"version\":\"2026.11.4-g98baaa6\",\"zone\":\"eu-central-1b\""
        + more
        + "}}";
  }

  void start() {
    register();
    follow();
  }

  void register() {
    loop.execute(
        () -> {
          registration.register(key, value(""));
          registration.report(report, "{\"app\":\"orders-backend\",\"version\":\"1\"" + pad());
        });
  }

  void follow() {
    loop.execute(
        () -> {
          services.start();
          documents.start();
        });
  }

  private static String pad() {
    return ",\"documents\":[]".repeat(10) + "}";
  }

  /** As one that is shut down: the last word, the withdrawal, and the end a moment later. */
  void leave(FleetClock clock) {
    registration.register(key, value(",\"draining\":\"true\""), true);
    clock.after(1_000_000_000L, () -> registration.withdraw(key));
    clock.after(
        4_000_000_000L,
        () -> {
          services.close();
          documents.close();
          registration.close(() -> {});
          clock.after(3_000_000_000L, loop::close);
        });
  }

  int number() {
    return number;
  }

  int known() {
    return known;
  }

  /** Whether it is registered and hears of changes. */
  boolean isWhole() {
    return registration.state() == RegistrationState.ALIVE
        && services.state() == FeedState.WATCH
        && services.isWell()
        && documents.isWell();
  }

  long leasesLost() {
    return registration.leasesLost();
  }

  private final class Counting implements MirrorReader {

    private int listed;

    @Override
    public void beginList() {
      listed = 0;
    }

    @Override
    public void listed(List<EtcdEntry> page) {
      listed += page.size();
    }

    @Override
    public void endList() {
      known += listed;
    }

    @Override
    public void dropList() {}

    @Override
    public void put(EtcdEntry entry) {
      registration.seen(entry);
    }

    @Override
    public void deleted(EtcdEntry entry) {
      registration.seen(entry);
    }

    @Override
    public boolean endOfChanges() {
      return true;
    }

    @Override
    public void tell() {}

    @Override
    public void answered() {}

    @Override
    public void troubled(String why) {}
  }
}
