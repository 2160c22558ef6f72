package io.meshagent.core.registry.etcd.mirror;

import io.meshagent.core.run.TaskLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * When a reader passes on what has changed: the first change at once, what follows within a moment
 * together. Confined to the mirror's loop.
 */
final class Telling {

  private static final long COALESCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final TaskLoop loop;
  private final MirrorReader reader;
  private final BooleanSupplier isWell;
  private boolean untold;
  private long toldAt;
  private boolean due;

  /** Why the last list could not be read; null if it was. */
  private String listTrouble;

  /**
   * @param isWell whether changes may be told: whoever hears of one takes etcd to be well
   */
  Telling(TaskLoop loop, MirrorReader reader, BooleanSupplier isWell) {
    this.loop = loop;
    this.reader = reader;
    this.isWell = isWell;
  }

  /** A list tells everything. */
  void listed() {
    listTrouble = null;
    untold = false;
    toldAt = loop.nanoTime();
    reader.endList();
  }

  /** As good as a list. */
  void confirmed(boolean wanted) {
    listTrouble = null;
    reader.confirmed(wanted);
  }

  /** A list could not be read: that is to be known, whatever the watch says, until one is. */
  void listFailed(String why) {
    listTrouble = why;
  }

  /** There is something to tell. */
  void soon() {
    untold = true;
    if (!due) {
      long wait = toldAt + COALESCE_NANOS - loop.nanoTime();
      if (wait <= 0) {
        tell();
      } else {
        due = true;
        TaskLoop.Timer unused = loop.after(wait, this::tell);
      }
    }
  }

  private void tell() {
    due = false;
    if (untold && isWell.getAsBoolean()) {
      now();
    }
  }

  /** Be it nothing: this says that etcd answers. */
  void now() {
    toldAt = loop.nanoTime();
    reader.tell();
    untold = false;
    sayTrouble();
  }

  void answered() {
    reader.answered();
    sayTrouble();
  }

  private void sayTrouble() {
    if (listTrouble != null) {
      reader.troubled(listTrouble);
    }
  }

  /** A step was left halfway, and with it what it had planned. */
  void nothingPlanned() {
    due = false;
  }
}
