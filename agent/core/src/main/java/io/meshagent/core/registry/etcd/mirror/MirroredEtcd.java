package io.meshagent.core.registry.etcd.mirror;

import io.meshagent.core.registry.etcd.client.EtcdOperations;
import io.meshagent.core.registry.etcd.client.SignsOfLife;
import io.meshagent.core.run.TaskLoop;

/** What all mirrors of one etcd share. Immutable. */
public final class MirroredEtcd {

  private final EtcdOperations etcd;
  private final TaskLoop loop;
  private final int members;
  private final long ttlSeconds;
  private final MirrorRecord record;
  private final SignsOfLife signs;

  /** As below, with signs of life of its own. */
  public MirroredEtcd(
      EtcdOperations etcd, TaskLoop loop, int members, long ttlSeconds, MirrorRecord record) {
    this(etcd, loop, members, ttlSeconds, record, new SignsOfLife());
  }

  /**
   * @param loop of the mirrors and their readers, who may block on it for what an entry needs
   * @param members how many endpoints there are: trouble with one of several is none yet
   * @param ttlSeconds how long leases last, ours and probably the others'
   * @param signs what everybody knows of this etcd
   */
  public MirroredEtcd(
      EtcdOperations etcd,
      TaskLoop loop,
      int members,
      long ttlSeconds,
      MirrorRecord record,
      SignsOfLife signs) {
    this.etcd = etcd;
    this.loop = loop;
    this.members = members;
    this.ttlSeconds = ttlSeconds;
    this.record = record;
    this.signs = signs;
  }

  EtcdOperations etcd() {
    return etcd;
  }

  TaskLoop loop() {
    return loop;
  }

  int members() {
    return members;
  }

  long ttlSeconds() {
    return ttlSeconds;
  }

  MirrorRecord record() {
    return record;
  }

  SignsOfLife signs() {
    return signs;
  }
}
