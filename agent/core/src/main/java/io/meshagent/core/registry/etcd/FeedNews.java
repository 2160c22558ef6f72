package io.meshagent.core.registry.etcd;

import io.meshagent.core.registry.Registry;
import io.meshagent.core.run.TaskLoop;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Tells the listener what the feed has seen: the first change at once, what follows within a moment
 * together. Confined to the feed's loop.
 */
final class FeedNews {

  private static final long COALESCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final TaskLoop loop;
  private final EtcdInstances directory;
  private final Registry.Listener listener;
  private final BooleanSupplier isWell;
  private final Set<String> untold = new HashSet<>();
  private long toldAt;
  private boolean tellDue;

  /** Why the last list could not be read; null if it was. */
  private String listTrouble;

  /**
   * @param isWell whether changes may be told: whoever hears of one takes etcd to be well
   */
  FeedNews(
      TaskLoop loop, EtcdInstances directory, Registry.Listener listener, BooleanSupplier isWell) {
    this.loop = loop;
    this.directory = directory;
    this.listener = listener;
    this.isWell = isWell;
  }

  void listed() {
    listTrouble = null;
    untold.clear();
    toldAt = loop.nanoTime();
    listener.listed(directory.all());
  }

  /** A list could not be read: that is to be known, whatever the watch says, until one is. */
  void listFailed(String why) {
    listTrouble = why;
  }

  void unreachable(String why) {
    listener.unreachable(why);
  }

  void changed(Set<String> services) {
    untold.addAll(services);
    if (!untold.isEmpty() && !tellDue) {
      long wait = toldAt + COALESCE_NANOS - loop.nanoTime();
      if (wait <= 0) {
        tell();
      } else {
        tellDue = true;
        TaskLoop.Timer unused = loop.after(wait, this::tell);
      }
    }
  }

  private void tell() {
    tellDue = false;
    if (!untold.isEmpty() && isWell.getAsBoolean()) {
      tellNow();
    }
  }

  /** Be it of nothing: this says that etcd answers. */
  void tellNow() {
    toldAt = loop.nanoTime();
    listener.changed(directory.only(untold));
    untold.clear();
    sayTrouble();
  }

  /** Names are elsewhere, whatever is wrong with etcd. */
  void moved(Set<String> services) {
    listener.moved(directory.only(services));
  }

  /** What was late has come, and changed nothing. */
  void signOfLife() {
    listener.changed(Collections.emptyMap());
    sayTrouble();
  }

  private void sayTrouble() {
    if (listTrouble != null) {
      listener.unreachable(listTrouble);
    }
  }

  /** A step was left halfway, and with it what it had planned. */
  void nothingPlanned() {
    tellDue = false;
  }
}
