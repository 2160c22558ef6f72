package io.meshagent.core.registry.etcd;

import io.meshagent.core.registry.AffectedInstances;
import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdTrouble;
import io.meshagent.core.registry.etcd.lease.EtcdRegistration;
import io.meshagent.core.registry.etcd.mirror.EtcdMirror;
import io.meshagent.core.registry.etcd.mirror.MirrorReader;
import io.meshagent.core.registry.etcd.mirror.MirroredEtcd;
import io.meshagent.core.run.TaskLoop;
import java.util.Collections;
import java.util.List;

/**
 * Reads everybody's entries from a mirror and tells of the instances that they are. On a loop apart
 * from the registration's, because reading an entry may ask the name service.
 */
public final class EtcdFeed {

  private final EtcdInstances instances;
  private final EtcdRegistration own;
  private final Registry.Listener listener;
  private final EtcdTrouble trouble;
  private final EtcdMirror mirror;
  private final NameRetry names;

  /** What has changed since the listener was told. */
  private final AffectedInstances untold = new AffectedInstances();

  private boolean listedOnce;

  /**
   * @param asking where the name service may block
   * @param own told of every changed entry, for it may be one of its own
   * @param trouble shared by all feeds on the loop
   */
  EtcdFeed(
      MirroredEtcd etcd,
      TaskLoop asking,
      EtcdInstances instances,
      EtcdRegistration own,
      Registry.Listener listener,
      EtcdTrouble trouble) {
    this.instances = instances;
    this.own = own;
    this.listener = listener;
    this.trouble = trouble;
    this.mirror = new EtcdMirror(etcd, instances.prefix() + "/", new Reader());
    this.names = new NameRetry(mirror.loop(), asking, instances, this::moved);
    instances.called(listener::calls);
  }

  /** Any thread. */
  FeedState state() {
    return mirror.state();
  }

  void start() {
    mirror.start();
  }

  void close() {
    mirror.close();
    mirror.loop().execute(names::end);
  }

  /** Lists everything afresh, now if nothing is wrong, else as soon as that is over. */
  void lookAgain() {
    mirror.lookAgain();
  }

  /** A connection to it failed or was lost. */
  void suspect(String hostPort) {
    mirror.loop().execute(() -> names.suspect(hostPort));
  }

  /** Hosts in doubt have been found, or found elsewhere, which has nothing to do with etcd. */
  private void moved(AffectedInstances affected) {
    if (mirror.isWell()) {
      untold.addAll(affected);
      mirror.tellSoon();
    } else if (listedOnce) {
      listener.moved(instances.changes(affected));
    }
  }

  private final class Reader implements MirrorReader {

    @Override
    public void beginList() {
      instances.beginList();
    }

    @Override
    public void listed(List<EtcdEntry> page) {
      instances.add(page);
    }

    @Override
    public void endList() {
      instances.endList();
      names.plan();
      if (listedOnce) {
        // What happened between the watch and the list was never told: ours may have gone.
        own.verifySoon();
      }
      listedOnce = true;
      untold.clear();
      listener.listed(instances.all());
    }

    @Override
    public void confirmed(boolean wanted) {
      if (wanted) {
        untold.clear();
        listener.listed(instances.all());
      }
    }

    @Override
    public void dropList() {
      instances.dropList();
    }

    @Override
    public void put(EtcdEntry entry) {
      instances.apply(entry, untold);
      own.seen(entry);
    }

    @Override
    public void deleted(EtcdEntry entry) {
      put(entry);
    }

    @Override
    public boolean endOfChanges() {
      names.plan();
      return !untold.isEmpty();
    }

    @Override
    public void tell() {
      listener.changed(instances.changes(untold));
      untold.clear();
    }

    @Override
    public void answered() {
      listener.changed(Collections.emptyList());
    }

    @Override
    public void troubled(String why) {
      listener.unreachable(why);
    }

    @Override
    public void failing(EtcdFailure failure) {
      trouble.begins(instances.prefix(), failure, listedOnce);
    }

    @Override
    public void wellAgain() {
      trouble.ends(instances.prefix());
    }

    @Override
    public boolean isFull() {
      return instances.isFull();
    }
  }
}
